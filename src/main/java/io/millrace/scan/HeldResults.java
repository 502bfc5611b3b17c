// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.pagecache.CacheEffect;
import java.util.ArrayList;
import java.util.List;

/**
 * Buffers consecutive results of one thread and hands them over together, at most a few milliseconds after the first
 * one was added, if the thread checks {@link #isDue} between files. Belongs to one thread.
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

    /** Whether the results have to be handed over. {@code nanos}: current {@link System#nanoTime}. */
    boolean isDue(long nanos) {
        return !held.isEmpty() && nanos - firstNanos >= MAX_HELD_NANOS;
    }

    /**
     * Buffers the result of a small file.
     *
     * @param nanos current {@link System#nanoTime}
     */
    void add(long sequence, FileResult result, long nanos) {
        if (held.isEmpty()) {
            firstSequence = sequence;
            firstNanos = nanos;
        }
        held.add(result);
        bytes += result.bytes();
    }

    /** Hands over all buffered results. {@code effect}: what reading these files did to the page cache. */
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
     * Hands over the result of a file that was read by a {@link FileReadPass}, which has already counted its bytes as
     * progress. It does not touch the buffered results, and any thread may call it.
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
