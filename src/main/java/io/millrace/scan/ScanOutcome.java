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
 * How it went with one file.
 *
 * @param result null where the scan was stopped in the middle
 */
record ScanOutcome(@Nullable FileResult result, CacheEffect effect, long bytes) {
    /** Hears of every file that was given to a {@code FileScanner}, once, and lets go of it. */
    interface Listener {
        void told(WalkEntry found, ScanOutcome scanned);
    }

    /** The scan was stopped, or failed, before anything came of a file. */
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

    /** One line that names the file. */
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
