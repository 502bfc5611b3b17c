// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.record;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.millrace.lifecycle.ThreadShortageException;
import io.millrace.scan.FileResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Collects results into batches and processes them one after the other on a thread of its own, so that commits are few and the
 * scan reads on meanwhile. Results stay in order. {@link #add} may be called by one thread at a time.
 */
final class BatchThread {
    /** A commit costs some milliseconds, whatever is in it. */
    private static final int MAX_FILES = 1000;

    private static final long MAX_WAIT_NANOS = 200_000_000;

    /** At so many results that wait, the scan waits too. */
    private static final int MAX_WAITING = 8000;

    /** Processes a batch. */
    interface Work {
        void process(List<FileResult> batch) throws IOException;
    }

    private final Work work;
    private final Thread thread = new Thread(this::run, "millrace-catalog");

    @GuardedBy("this") private List<FileResult> waiting = new ArrayList<>();

    @GuardedBy("this") private long firstNanos;

    @GuardedBy("this") private boolean isEnded;

    @GuardedBy("this") private @Nullable Throwable failure;

    /** Starts the thread; throws {@link ThreadShortageException}. */
    BatchThread(Work work) {
        this.work = work;
        thread.setDaemon(true);
        ThreadShortageException.start(thread);
    }

    /** Adds a result; waits while too many wait. Throws what the processing of an earlier batch threw. */
    synchronized void add(FileResult result) throws IOException {
        boolean interrupted = false;
        while (waiting.size() >= MAX_WAITING && failure == null) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
                break; // the scan is being ended
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        throwFailure();
        if (waiting.isEmpty()) {
            firstNanos = System.nanoTime();
        }
        waiting.add(result);
        if (waiting.size() == 1 || waiting.size() == MAX_FILES) {
            notifyAll();
        }
    }

    private void run() {
        try {
            for (List<FileResult> batch = take(); !batch.isEmpty(); batch = take()) {
                work.process(batch);
            }
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
        } catch (InterruptedException e) {
            fail(e);
        }
    }

    private synchronized void fail(Throwable e) {
        failure = e;
        waiting.clear();
        notifyAll();
    }

    /** The next batch; empty at the end. */
    private synchronized List<FileResult> take() throws InterruptedException {
        while (!isDue()) {
            long left = waiting.isEmpty() ? MAX_WAIT_NANOS : firstNanos + MAX_WAIT_NANOS - System.nanoTime();
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(1_000_000, left));
        }
        List<FileResult> batch = waiting;
        if (batch.size() > MAX_FILES) {
            waiting = new ArrayList<>(batch.subList(MAX_FILES, batch.size()));
            batch = new ArrayList<>(batch.subList(0, MAX_FILES));
        } else {
            waiting = new ArrayList<>();
        }
        firstNanos = System.nanoTime();
        notifyAll();
        return batch;
    }

    @GuardedBy("this") private boolean isDue() {
        return isEnded
                || waiting.size() >= MAX_FILES
                || !waiting.isEmpty() && System.nanoTime() - firstNanos >= MAX_WAIT_NANOS;
    }

    /** Waits until everything is processed and the thread has ended. Throws what the processing threw. */
    void end() throws IOException, InterruptedException {
        synchronized (this) {
            isEnded = true;
            notifyAll();
        }
        thread.join();
        synchronized (this) {
            throwFailure();
        }
    }

    @GuardedBy("this") private void throwFailure() throws IOException {
        if (failure instanceof IOException e) {
            throw e;
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure != null) {
            throw new IllegalStateException("recording ended early: " + failure, failure);
        }
    }
}
