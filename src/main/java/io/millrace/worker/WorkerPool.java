// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.millrace.posix.Posix;
import io.millrace.posix.PosixException;
import io.millrace.worker.Outcome.Kind;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The processes of one worker: as many at a time as it is configured for, kept between files where they are persistent,
 * started again after a failure, later each time, and not at all for a while when it keeps failing. Any thread;
 * {@link #close()} comes after the last delivery is closed.
 */
public final class WorkerPool implements AutoCloseable {
    private static final long FIRST_WAIT_NANOS = 100_000_000;
    private static final long LONGEST_WAIT_NANOS = 30_000_000_000L;

    /** How soon a wish to stop is heard. */
    private static final long PATIENCE_NANOS = 100_000_000;

    private final WorkerSpec spec;
    private final WorkerListener listener;
    private final Starter starter;
    private final Posix posix;
    private final AtomicLong ids = new AtomicLong();

    @GuardedBy("this") private final Deque<Child> idle = new ArrayDeque<>();

    @GuardedBy("this") private int busy;

    @GuardedBy("this") private int failuresInARow;

    /** No fresh process before this; only after a failure. */
    @GuardedBy("this") private long notBeforeNanos = System.nanoTime();

    public WorkerPool(Posix posix, WorkerSpec spec, WorkerListener listener) {
        this.posix = posix;
        this.spec = spec;
        this.listener = listener;
        this.starter = new Starter(posix, spec, listener);
    }

    public WorkerSpec spec() {
        return spec;
    }

    /**
     * Begins a delivery, in a fresh process or one that waits for files; waits itself while all are busy, or a fresh one
     * would come too soon after failures. Threads that need several workers take them in one common order.
     *
     * @throws UnavailableException where no process can be had, or the caller is to stop
     */
    public Delivery begin(FileHead head, BooleanSupplier stopping) throws UnavailableException, InterruptedException {
        Child child = lease(head, stopping);
        return spec.mode() == WorkerMode.PER_FILE
                ? new PerFileDelivery(this, spec, head, child)
                : new PersistentDelivery(this, spec, head, child);
    }

    /** As {@link #begin}, for a worker that {@link #takesBatches}: a delivery of several small files. */
    public BatchDelivery beginBatch(FileHead first, BooleanSupplier stopping)
            throws UnavailableException, InterruptedException {
        return new BatchDelivery(this, spec, first, lease(first, stopping));
    }

    /** Whether small files may be given to it without waiting for the answers between them. */
    public boolean takesBatches() {
        return spec.mode() == WorkerMode.PERSISTENT && spec.limits().timeout().isZero();
    }

    private Child lease(FileHead head, BooleanSupplier stopping) throws UnavailableException, InterruptedException {
        take(stopping);
        try {
            Child child = kept();
            if (child == null) {
                awaitStart(stopping);
                child = starter.start(head);
            }
            return child;
        } catch (IOException e) {
            String why = String.valueOf(e.getMessage());
            throw new UnavailableException(refused(Outcome.without(spec, Kind.NOT_STARTED, why)));
        } catch (UnavailableException | InterruptedException | RuntimeException | Error e) {
            release();
            throw e;
        }
    }

    long nextId() {
        return ids.incrementAndGet();
    }

    private synchronized void take(BooleanSupplier stopping) throws UnavailableException, InterruptedException {
        while (busy >= spec.processes()) {
            stopIf(stopping);
            TimeUnit.NANOSECONDS.timedWait(this, PATIENCE_NANOS);
        }
        stopIf(stopping);
        busy++;
    }

    private void stopIf(BooleanSupplier stopping) throws UnavailableException {
        if (stopping.getAsBoolean()) {
            throw new UnavailableException(Outcome.without(spec, Kind.STOPPED, "the scan was stopped"));
        }
    }

    private synchronized void release() {
        busy--;
        notifyAll();
    }

    /** A process that waits for files, and is as it should be. */
    private @Nullable Child kept() throws PosixException {
        Child child = nextIdle();
        while (child != null && !isFit(child)) {
            listener.restarts(spec.name(), "a process ended, or spoke unasked, between two files");
            child = nextIdle();
        }
        return child;
    }

    private static boolean isFit(Child child) throws PosixException {
        boolean fit = false;
        try {
            fit = child.isIdle();
            return fit;
        } finally {
            if (!fit) {
                child.close();
            }
        }
    }

    private synchronized @Nullable Child nextIdle() {
        return idle.poll();
    }

    private synchronized void awaitStart(BooleanSupplier stopping) throws UnavailableException, InterruptedException {
        long wait = notBeforeNanos - System.nanoTime();
        while (wait > 0) {
            stopIf(stopping);
            if (failuresInARow >= spec.limits().quarantineAfter()) { // perhaps only since we wait
                String why = "failed " + failuresInARow + " times in a row, and is left alone for now";
                throw new UnavailableException(Outcome.without(spec, Kind.QUARANTINED, why));
            }
            TimeUnit.NANOSECONDS.timedWait(this, Math.min(wait, PATIENCE_NANOS));
            wait = notBeforeNanos - System.nanoTime();
        }
    }

    private Outcome refused(Outcome outcome) {
        try {
            note(outcome);
        } finally {
            release();
        }
        return outcome;
    }

    /** The end of a delivery; called by it, once. */
    void over(@Nullable Outcome outcome, Child child, boolean keepsProcess) throws PosixException {
        try {
            if (keepsProcess) {
                synchronized (this) {
                    idle.push(child);
                }
            } else {
                child.close();
            }
        } finally {
            try {
                if (outcome != null) {
                    note(outcome); // before anybody else may start a process
                }
            } finally {
                release();
            }
        }
    }

    /** Counts failures, and decides when the next process may start. */
    private void note(Outcome outcome) {
        boolean quarantined = false;
        boolean failed = outcome.kind().isWorkersFault();
        synchronized (this) {
            if (failed) {
                failuresInARow++;
                quarantined = failuresInARow >= spec.limits().quarantineAfter();
                long wait = quarantined ? spec.limits().quarantine().toNanos() : backOffNanos(failuresInARow);
                notBeforeNanos = System.nanoTime() + wait;
            } else if (outcome.kind() == Kind.DONE || outcome.kind() == Kind.FAILED) {
                failuresInARow = 0;
            }
        }
        if (quarantined) {
            listener.quarantined(spec.name(), outcome.reason());
        } else if (failed && spec.mode() == WorkerMode.PERSISTENT) {
            listener.restarts(spec.name(), outcome.kind().words() + ": " + outcome.reason());
        }
    }

    /** Twice as long each time, half of it by chance, so that many do not come back at the same moment. */
    private static long backOffNanos(int failures) {
        long longest = Math.min(LONGEST_WAIT_NANOS, FIRST_WAIT_NANOS << Math.min(failures - 1, 20));
        return longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2);
    }

    /** Lets the processes that wait for files end by themselves, and ends those that do not. */
    @Override
    public void close() throws PosixException {
        closeAll(List.of(this), false);
    }

    /**
     * Closes several at the same time.
     *
     * @param soon whether their processes are asked to end at once, and not left to end by themselves first
     */
    public static void closeAll(List<WorkerPool> pools, boolean soon) throws PosixException {
        if (pools.isEmpty()) {
            return;
        }
        try (var farewell = new Farewell(pools.get(0).posix, soon)) {
            for (WorkerPool pool : pools) {
                Child child = pool.nextIdle();
                while (child != null) {
                    farewell.add(child, pool.spec.limits().stopTimeout());
                    child = pool.nextIdle();
                }
            }
        }
    }
}
