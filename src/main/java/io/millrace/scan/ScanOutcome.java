// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.pagecache.CacheEffect;
import io.millrace.scan.walk.WalkEntry;
import io.millrace.worker.WorkerOutcome;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Outcome of one file, with its effect on the page cache.
 *
 * @param result null if the scan was stopped before the file was complete
 */
record ScanOutcome(@Nullable FileResult result, CacheEffect effect, long bytes) {
    /**
     * Receives the outcome of every file that was given to a {@code FileScanner}, exactly once, and releases the
     * {@link WalkEntry}.
     */
    interface Listener {
        void onScanned(WalkEntry found, ScanOutcome scanned);
    }

    /** The outcome of a file if the scan was stopped or failed before the file had a result. */
    static final ScanOutcome NOTHING = new ScanOutcome(null, CacheEffect.NONE, 0);

    private static final double NANOS_PER_SECOND = 1e9;

    static ScanOutcome failed(
            WalkEntry found,
            long startNanos,
            long bytes,
            CacheEffect effect,
            List<WorkerOutcome> outcomes,
            String error) {
        var result = FileResult.failed(found.path(), bytes, outcomes, secondsSince(startNanos), error);
        return new ScanOutcome(result, effect, bytes);
    }

    /** Returns a one-line message that names the file. */
    static String describe(WalkEntry found, Throwable e) {
        if (e instanceof EOFException) {
            return found.path() + ": shrank while it was read: " + e.getMessage();
        }
        return e instanceof IOException ? String.valueOf(e.getMessage()) : found.path() + ": " + e;
    }

    static double secondsSince(long startNanos) {
        return (System.nanoTime() - startNanos) / NANOS_PER_SECOND;
    }
}
