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
 * Says what an idle thread of a scan does next: read the next files, the rest of a run that another thread gave back, or a
 * file that has to be read again for its workers; or, where enough files are open, share the work on a large one. Any
 * thread.
 */
final class ScanScheduler {
    /** Something to do. Those of files count as an open file until the next call of {@link #next}. */
    record Assignment(
            Kind kind,
            @Nullable DigestPipeline relay,
            WorkerBatch.@Nullable Entry requeued,
            @Nullable FileRun rest) {
        enum Kind {
            /** Take the next files from the walk. */
            NEXT_FILES,
            /** Read on in a run that was given back. */
            REST_OF_RUN,
            /** Read a file again for workers that a batch could not serve. */
            REQUEUED_FILE,
            /** Share the work on another thread's large file. */
            SHARE,
            /** Report the files that wait for workers: there is nothing else to do just now. */
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

    /** Large files with chunks left to claim, and how many threads besides the owner's are at each. */
    @GuardedBy("this") private final Set<DigestPipeline> shared = new LinkedHashSet<>();

    @GuardedBy("this") private final Map<DigestPipeline, Integer> helpers = new HashMap<>();

    @GuardedBy("this") private final Queue<WorkerBatch.Entry> requeued = new ArrayDeque<>();

    /** The first of them in the walk may be what all results wait for. */
    @GuardedBy("this") private final Queue<FileRun> rests = new PriorityQueue<>(Comparator.comparingLong(FileRun::nextSequence));

    /** The same of runs whose next file is large. */
    @GuardedBy("this") private final Queue<FileRun> largeRests = new PriorityQueue<>(Comparator.comparingLong(FileRun::nextSequence));

    /** Files that may be open, and large ones among them. */
    @GuardedBy("this") private int maxOpenFiles;

    @GuardedBy("this") private int parallelFiles;

    @GuardedBy("this") private int openFiles;

    @GuardedBy("this") private int largeFiles;

    @GuardedBy("this") private int waiters;

    /** Whether a thread waits that may open files, and finds none. */
    private volatile boolean starving;

    @GuardedBy("this") private boolean admitsNewFiles = true;

    @GuardedBy("this") private boolean walked;

    @GuardedBy("this") private @Nullable Throwable failure;

    /** @param maxHelpers threads that share a large file beside its owner */
    ScanScheduler(int parallelFiles, int maxHelpers, ScanProgress progress) {
        this.parallelFiles = parallelFiles;
        this.maxOpenFiles = parallelFiles;
        this.maxHelpers = maxHelpers;
        this.progress = progress;
    }

    /** At most so many files are open at a time, from now on. */
    synchronized void limitParallelFiles(int files) {
        parallelFiles = Math.min(parallelFiles, files);
        maxOpenFiles = parallelFiles;
    }

    /** At most so many files are open at a time, as long as no more of them are large than {@code parallelFiles}. */
    synchronized void limitSmallFiles(int files) {
        maxOpenFiles = Math.max(parallelFiles, files);
        wake();
    }

    /** Whether the caller may read the large file that it has come to; {@link #endLarge} follows. */
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
     * Waits for something to do; null when there will be nothing more.
     *
     * @param last the caller's last assignment, which is over; null at first
     * @param hasReportedAll whether the caller has reported all files that it has read; it never waits, nor ends, before
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
                wake(); // another may take the place, or end
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
        return null; // whoever failed took its assignment with it
    }

    @GuardedBy("this") private @Nullable Assignment nextOfFiles() {
        // By a thread that owns a file, for it may wait for processes whose owners wait for helpers.
        WorkerBatch.Entry entry = requeued.poll();
        if (entry != null) {
            return new Assignment(Assignment.Kind.REQUEUED_FILE, null, entry, null);
        }
        FileRun rest = largeFiles < parallelFiles ? largeRests.poll() : null;
        rest = rest != null
                ? rest
                : rests.poll(); // whether there is room or not: it is what the results behind it wait for
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

    /** Whether files that have not begun may begin; rests of runs and files that were requeued may at any time. */
    synchronized void admitNewFiles(boolean admits) {
        admitsNewFiles = admits;
        wake();
    }

    /** Has those who wait look again. */
    @GuardedBy("this") private void wake() {
        if (waiters > 0) {
            notifyAll();
        }
    }

    /** A file of a batch has to be read again, by whoever is idle. */
    synchronized void requeue(WorkerBatch.Entry entry) {
        requeued.add(entry);
        wake();
    }

    /** Whether a thread waits that could read a part of a run: see {@link #giveBack}. */
    boolean isStarving() {
        return starving;
    }

    /** The rest of a run is to be read by whoever is idle, which may be the caller; releases it if there is none, or no time. */
    void giveBack(FileRun run) {
        giveBack(run, false);
    }

    /** As {@link #giveBack}, of a run whose next file is large, for when that may be read. */
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

    /** There are no more files. */
    synchronized void allWalked() {
        walked = true;
        wake();
    }

    /** The owner of a large file, at work on it, could use helpers. */
    synchronized void share(DigestPipeline relay) {
        shared.add(relay);
        wake();
    }

    /** A helper found nothing more to claim in a file. */
    synchronized void leave(DigestPipeline relay) {
        shared.remove(relay);
        helpers.merge(relay, -1, Integer::sum);
        wake();
    }

    /** The owner is done; waits until the helpers are too, which hold at most one chunk each. */
    synchronized void endShare(DigestPipeline relay) {
        shared.remove(relay);
        boolean interrupted = false;
        while (helpers.getOrDefault(relay, 0) > 0) {
            waiters++;
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true; // a helper that still reads must not lose its descriptor
            } finally {
                waiters--;
            }
        }
        helpers.remove(relay);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the scan for something that is not one file's. */
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

    /** After the threads have ended: lets go of what was not read, and throws what failed. */
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
