// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.pagecache.CacheEffect;
import java.util.ArrayList;
import java.util.List;

/**
 * Results of one thread that follow each other and are handed over together, a few milliseconds at the latest after the
 * first was held, if the thread asks {@link #isDue} between any two files. One thread.
 */
final class HeldResults {
    private static final long MAX_HELD_NANOS = 5_000_000;

    private final OrderedResults results;
    private final ScanTally tally;
    private final ScanProgress progress;

    private List<FileResult> held = new ArrayList<>();

    private long firstSequence;
    private long firstNanos;
    private long bytes;

    HeldResults(OrderedResults results, ScanTally tally, ScanProgress progress) {
        this.results = results;
        this.tally = tally;
        this.progress = progress;
    }

    boolean isEmpty() {
        return held.isEmpty();
    }

    /** Whether to hand over; {@code nanos}: {@link System#nanoTime} by now. */
    boolean isDue(long nanos) {
        return !held.isEmpty() && nanos - firstNanos >= MAX_HELD_NANOS;
    }

    /**
     * Holds the result of a small file.
     *
     * @param nanos {@link System#nanoTime} by now
     */
    void add(long sequence, FileResult result, long nanos) {
        if (held.isEmpty()) {
            firstSequence = sequence;
            firstNanos = nanos;
        }
        held.add(result);
        bytes += result.bytes();
    }

    /** Hands over; {@code effect}: what reading these files did to the page cache. */
    void handOver(CacheEffect effect) {
        tally.add(effect, bytes);
        progress.addBytes(bytes);
        bytes = 0;
        if (!held.isEmpty()) {
            List<FileResult> all = held;
            held = new ArrayList<>(all.size());
            progress.addFiles(all.size());
            results.add(firstSequence, all);
        }
    }

    /**
     * Hands over a file that a {@link FileReadPass} has read, which has counted its bytes as progress. Leaves what is held alone, and may
     * be called by any thread.
     */
    void handOver(long sequence, ScanOutcome scanned) {
        tally.add(scanned.effect(), scanned.bytes());
        FileResult result = scanned.result();
        if (result != null) {
            progress.addFiles(1);
            results.add(sequence, List.of(result));
        }
    }
}
