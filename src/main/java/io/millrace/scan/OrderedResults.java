// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reports results to the listener in the order of the walk, and buffers those that are early. One thread at a time reports;
 * the others leave their results in the buffer and go on. Any thread.
 */
final class OrderedResults {
    /** Results that may wait for one that was found before them, before no new files are begun. */
    private static final int MAX_BUFFERED = 4096;

    /** What workers printed about all these together, in characters. */
    private static final long MAX_BUFFERED_OUTPUT = 4 << 20;

    private final ScanListener listener;
    private final ScanScheduler scheduler;

    /** By the number of the first. */
    @GuardedBy("this") private final TreeMap<Long, List<FileResult>> buffered = new TreeMap<>();

    @GuardedBy("this") private int bufferedFiles;

    @GuardedBy("this") private long bufferedOutput;

    /** The number of the next result to report. */
    @GuardedBy("this") private long next;

    @GuardedBy("this") private boolean reporting;

    @GuardedBy("this") private boolean failed;

    /** As the scheduler was told. */
    @GuardedBy("this") private boolean full;

    /**
     * @param scheduler begins no new files while too many results wait here, for an earlier one or for the listener; ends the
     *     scan for what the listener throws, after which nothing is reported
     */
    OrderedResults(ScanListener listener, ScanScheduler scheduler) {
        this.listener = listener;
        this.scheduler = scheduler;
    }

    /** Results of files that follow each other; takes the list over. */
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

    /** Reports what is due, as long as there is any. By the one thread that has set {@link #reporting}. */
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

    /** The next results, if they are there; else nobody reports any more. {@code reported}: of the last call. */
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

    /** After the last {@link #add}: reports what finished behind files that were stopped, unless the scan has failed. */
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
