// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reports results to the listener in walk order and buffers those that are early. One thread at a time reports; the
 * others add their results to the buffer and continue. Any thread; {@link BulkScanner} closes it after its threads have
 * ended.
 */
final class OrderedResults {
    /** Number of buffered results at which no new files are started. */
    private static final int MAX_BUFFERED = 4096;

    /** Limit of the worker output in all buffered results, in characters. */
    private static final long MAX_BUFFERED_OUTPUT = 4 << 20;

    private final ScanListener listener;
    private final ScanScheduler scheduler;

    /** Keyed by the sequence number of the first result. */
    @GuardedBy("this") private final TreeMap<Long, List<FileResult>> buffered = new TreeMap<>();

    @GuardedBy("this") private int bufferedFiles;

    @GuardedBy("this") private long bufferedOutput;

    /** Sequence number of the next result to report. */
    @GuardedBy("this") private long next;

    @GuardedBy("this") private boolean reporting;

    @GuardedBy("this") private boolean failed;

    /** The state that was last passed to the scheduler. */
    @GuardedBy("this") private boolean full;

    /**
     * @param scheduler starts no new files while too many results are buffered because of an earlier file or a slow
     *     listener; it ends the scan if the listener throws, and nothing is reported after that
     */
    OrderedResults(ScanListener listener, ScanScheduler scheduler) {
        this.listener = listener;
        this.scheduler = scheduler;
    }

    /** Adds results of consecutive files and takes ownership of the list. */
    void add(long firstSequence, List<FileResult> results) {
        synchronized (this) {
            buffered.put(firstSequence, results);
            bufferedFiles += results.size();
            bufferedOutput += outputLength(results);
            updateFull();
            if (reporting || failed) {
                return;
            }
            reporting = true;
        }
        report();
    }

    private static long outputLength(List<FileResult> results) {
        long length = 0;
        for (int i = 0; i < results.size(); i++) {
            length += results.get(i).outputLength();
        }
        return length;
    }

    @GuardedBy("this") private void updateFull() {
        boolean now = bufferedFiles >= MAX_BUFFERED || bufferedOutput >= MAX_BUFFERED_OUTPUT;
        if (now != full) {
            full = now;
            scheduler.admitNewFiles(!now);
        }
    }

    /** Reports results until none is due. Called by the one thread that has set {@link #reporting}. */
    private void report() {
        boolean ended = false;
        try {
            List<FileResult> due = takeDue(0);
            while (due != null) {
                for (int i = 0; i < due.size(); i++) {
                    listener.fileFinished(due.get(i));
                }
                due = takeDue(due.size());
            }
            ended = true;
        } catch (IOException | RuntimeException e) {
            scheduler.fail(e);
        } finally {
            if (!ended) {
                stop();
            }
        }
    }

    /**
     * Returns the next results if they are in the buffer; otherwise clears {@link #reporting}. {@code reported}: number
     * of results from the last call that were reported.
     */
    private synchronized @Nullable List<FileResult> takeDue(int reported) {
        next += reported;
        List<FileResult> due = failed ? null : buffered.remove(next);
        if (due == null) {
            reporting = false;
        } else {
            bufferedFiles -= due.size();
            bufferedOutput -= outputLength(due);
            updateFull();
        }
        return due;
    }

    private synchronized void stop() {
        failed = true;
        reporting = false;
        buffered.clear();
    }

    /**
     * Called after the last {@link #add}: reports the results behind files that were stopped, unless the scan has
     * failed.
     */
    void close() {
        while (!scheduler.hasFailed() && skipGap()) {
            report();
        }
    }

    private synchronized boolean skipGap() {
        Map.Entry<Long, List<FileResult>> first = failed ? null : buffered.firstEntry();
        if (first != null) {
            next = first.getKey();
            reporting = true;
        }
        return first != null;
    }
}
