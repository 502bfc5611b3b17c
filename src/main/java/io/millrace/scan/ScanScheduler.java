// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.millrace.scan.walk.FileRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Assigns work to the idle threads of a scan: the next files, the rest of a run that another thread gave back, or a
 * file that has to be read again for its workers; or, if enough files are open, a share of a large file. Any thread;
 * {@link BulkScanner} closes it after its threads have ended.
 */
final class ScanScheduler {
    /**
     * A unit of work. An assignment to read files counts as an open file until the thread's next call of {@link #next}.
     */
    record Assignment(
            Kind kind,
            @Nullable DigestPipeline relay,
            WorkerBatch.@Nullable Entry requeued,
            @Nullable FileRun rest) {
        enum Kind {
            /** Take the next files from the walk. */
            NEXT_FILES,
            /** Continue a run that was given back. */
            REST_OF_RUN,
            /** Read a file again for workers that a batch could not serve. */
            REQUEUED_FILE,
            /** Help another thread with its large file. */
            SHARE,
            /** Report the files that wait for workers, because there is no other work at the moment. */
            REPORT
        }

        DigestPipeline toShare() {
            return Objects.requireNonNull(relay);
        }

        WorkerBatch.Entry toReadAgain() {
            return Objects.requireNonNull(requeued);
        }

        FileRun toReadOn() {
            return Objects.requireNonNull(rest);
        }

        private boolean isOfFiles() {
            return kind == Kind.NEXT_FILES || kind == Kind.REST_OF_RUN || kind == Kind.REQUEUED_FILE;
        }
    }

    private static final Assignment NEXT_FILES = new Assignment(Assignment.Kind.NEXT_FILES, null, null, null);
    private static final Assignment REPORT = new Assignment(Assignment.Kind.REPORT, null, null, null);

    private final int maxHelpers;
    private final ScanProgress progress;

    /** Large files with unclaimed chunks, and the number of helper threads at each. */
    @GuardedBy("this") private final Set<DigestPipeline> shared = new LinkedHashSet<>();

    @GuardedBy("this") private final Map<DigestPipeline, Integer> helpers = new HashMap<>();

    @GuardedBy("this") private final Queue<WorkerBatch.Entry> requeued = new ArrayDeque<>();

    /** Ordered by walk order, because all results may wait for the first one. */
    @GuardedBy("this") private final Queue<FileRun> rests = new PriorityQueue<>(Comparator.comparingLong(FileRun::nextSequence));

    /** Like {@link #rests}, for runs whose next file is large. */
    @GuardedBy("this") private final Queue<FileRun> largeRests = new PriorityQueue<>(Comparator.comparingLong(FileRun::nextSequence));

    /** Limits of open files and of large files among them. */
    @GuardedBy("this") private int maxOpenFiles;

    @GuardedBy("this") private int parallelFiles;

    @GuardedBy("this") private int openFiles;

    @GuardedBy("this") private int largeFiles;

    @GuardedBy("this") private int waiters;

    /** Whether a thread waits that may open files but finds none. */
    private volatile boolean starving;

    @GuardedBy("this") private boolean admitsNewFiles = true;

    @GuardedBy("this") private boolean walked;

    @GuardedBy("this") private @Nullable Throwable failure;

    /** @param maxHelpers maximum number of threads that help the owner of a large file */
    ScanScheduler(int parallelFiles, int maxHelpers, ScanProgress progress) {
        this.parallelFiles = parallelFiles;
        this.maxOpenFiles = parallelFiles;
        this.maxHelpers = maxHelpers;
        this.progress = progress;
    }

    /** Lowers the maximum number of open files. */
    synchronized void limitParallelFiles(int files) {
        parallelFiles = Math.min(parallelFiles, files);
        maxOpenFiles = parallelFiles;
    }

    /** Sets the maximum number of open files; at most {@code parallelFiles} of them may be large. */
    synchronized void limitSmallFiles(int files) {
        maxOpenFiles = Math.max(parallelFiles, files);
        wake();
    }

    /** Whether the caller may now read a large file. If true, the caller must call {@link #endLarge} afterwards. */
    synchronized boolean tryBeginLarge() {
        boolean may = largeFiles < parallelFiles;
        largeFiles += may ? 1 : 0;
        return may;
    }

    synchronized void endLarge() {
        largeFiles--;
        if (!largeRests.isEmpty()) {
            wake();
        }
    }

    /**
     * Waits for work; returns null if there will be no more.
     *
     * @param last the caller's previous assignment, which is complete; null at the first call
     * @param hasReportedAll whether the caller has reported all files that it has read; it neither waits nor ends
     *     before that
     */
    synchronized @Nullable Assignment next(@Nullable Assignment last, boolean hasReportedAll)
            throws InterruptedException {
        boolean released = last != null && last.isOfFiles();
        openFiles -= released ? 1 : 0;
        while (failure == null) {
            Assignment files = openFiles < maxOpenFiles ? nextOfFiles() : null;
            if (files != null) {
                openFiles++;
                return files;
            }
            if (released) {
                wake(); // another thread may open a file, or end
                released = false;
            }
            if (!hasReportedAll) {
                return REPORT;
            }
            Assignment share = nextShare();
            if (share != null) {
                return share;
            }
            if (!isMoreToCome() && openFiles == 0 && requeued.isEmpty() && rests.isEmpty() && largeRests.isEmpty()) {
                return null;
            }
            starving |= openFiles < maxOpenFiles;
            waiters++;
            try {
                wait();
            } finally {
                waiters--;
            }
        }
        return null; // the scan has failed
    }

    @GuardedBy("this") private @Nullable Assignment nextOfFiles() {
        // Only a thread that owns a file gets this, because it may wait for processes whose owners wait for helpers.
        WorkerBatch.Entry entry = requeued.poll();
        if (entry != null) {
            return new Assignment(Assignment.Kind.REQUEUED_FILE, null, entry, null);
        }
        FileRun rest = largeFiles < parallelFiles ? largeRests.poll() : null;
        rest = rest != null
                ? rest
                : rests.poll(); // regardless of room in the result buffer: later results wait for this run
        if (rest != null) {
            return new Assignment(Assignment.Kind.REST_OF_RUN, null, null, rest);
        }
        return isMoreToCome() && admitsNewFiles ? NEXT_FILES : null;
    }

    @GuardedBy("this") private @Nullable Assignment nextShare() {
        for (DigestPipeline relay : shared) {
            if (helpers.getOrDefault(relay, 0) < maxHelpers) {
                helpers.merge(relay, 1, Integer::sum);
                return new Assignment(Assignment.Kind.SHARE, relay, null, null);
            }
        }
        return null;
    }

    @GuardedBy("this") private boolean isMoreToCome() {
        return !walked && !progress.isStopping();
    }

    /** Allows or forbids starting new files. Rests of runs and requeued files may always be started. */
    synchronized void admitNewFiles(boolean admits) {
        admitsNewFiles = admits;
        wake();
    }

    /** Makes waiting threads check for work again. */
    @GuardedBy("this") private void wake() {
        if (waiters > 0) {
            notifyAll();
        }
    }

    /** Adds a file of a batch that an idle thread has to read again. */
    synchronized void requeue(WorkerBatch.Entry entry) {
        requeued.add(entry);
        wake();
    }

    /** Whether a waiting thread could read part of a run; see {@link #giveBack}. */
    boolean isStarving() {
        return starving;
    }

    /**
     * Gives the rest of a run to the next idle thread, which may be the caller. Releases the run if it is empty or the
     * scan is stopping.
     */
    void giveBack(FileRun run) {
        giveBack(run, false);
    }

    /** Like {@link #giveBack}, for a run whose next file is large and has to wait. */
    void giveBackLarge(FileRun run) {
        giveBack(run, true);
    }

    private void giveBack(FileRun run, boolean isLargeNext) {
        if (!run.hasNext() || progress.isStopping()) {
            run.release();
            return;
        }
        synchronized (this) {
            (isLargeNext ? largeRests : rests).add(run);
            starving = false;
            wake();
        }
    }

    /** Records that the walk has no more files. */
    synchronized void allWalked() {
        walked = true;
        wake();
    }

    /** Offers a large file, which the owner has started to read, to helper threads. */
    synchronized void share(DigestPipeline relay) {
        shared.add(relay);
        wake();
    }

    /** Called by a helper that found no unclaimed chunk in a file. */
    synchronized void leave(DigestPipeline relay) {
        shared.remove(relay);
        helpers.merge(relay, -1, Integer::sum);
        wake();
    }

    /** Called by the owner when it is done; waits for the helpers, each of which holds at most one chunk. */
    synchronized void endShare(DigestPipeline relay) {
        shared.remove(relay);
        boolean interrupted = false;
        while (helpers.getOrDefault(relay, 0) > 0) {
            waiters++;
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true; // the descriptor must stay open while a helper reads
            } finally {
                waiters--;
            }
        }
        helpers.remove(relay);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the scan because of an error that concerns no single file. */
    synchronized void fail(Throwable e) {
        if (failure == null) {
            failure = e;
        }
        progress.abandon();
        wake();
    }

    synchronized boolean hasFailed() {
        return failure != null;
    }

    /**
     * Called after the threads have ended: releases the files that were not read, and throws the failure if there was
     * one.
     */
    synchronized void close() throws IOException {
        requeued.forEach(entry -> entry.found().release());
        rests.forEach(FileRun::release);
        largeRests.forEach(FileRun::release);
        if (failure instanceof IOException e) {
            throw e;
        }
        if (failure instanceof UncheckedIOException e) {
            throw e.getCause();
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure != null) {
            throw new IllegalStateException("the scan ended early: " + failure, failure);
        }
    }
}
