// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.PosixException;
import io.millrace.worker.WorkerOutcome.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The processes of one worker: at most the configured number at a time. Persistent processes are reused for the next
 * file. After a failure a new one is started with an increasing delay, and a worker that keeps failing is quarantined.
 * Any thread; {@link #close()} must be called after the last delivery is closed.
 */
public final class WorkerPool implements AutoCloseable {
    /** Longest wait before a request to stop is noticed. */
    private static final long PATIENCE_NANOS = 100_000_000;

    private static final String ASKED_FOR = "was asked to";

    private final WorkerSpec spec;
    private final WorkerListener listener;
    private final ProcessLauncher starter;
    private final Posix posix;
    private final WorkerTally tally;
    private final StopTimeoutLimit patience;
    private final ProcessRegistry registry = new ProcessRegistry();
    private final AtomicLong ids = new AtomicLong();

    @GuardedBy("this") private int busy;

    @GuardedBy("this") private final RestartBackoff backoff;

    /** Number of its processes now. */
    record Headcount(int processes, int busy, boolean quarantined) {}

    public WorkerPool(Posix posix, WorkerSpec spec, WorkerListener listener) {
        this(posix, spec, listener, new WorkerTally(), new StopTimeoutLimit());
    }

    /** {@code tally}: may continue that of a previous pool; {@code patience}: may be shared by several pools. */
    WorkerPool(Posix posix, WorkerSpec spec, WorkerListener listener, WorkerTally tally, StopTimeoutLimit patience) {
        this.posix = posix;
        this.spec = spec;
        this.listener = listener;
        this.tally = tally;
        this.patience = patience;
        this.starter = new ProcessLauncher(posix, spec, listener, tally);
        this.backoff = new RestartBackoff(spec.limits());
    }

    public WorkerSpec spec() {
        return spec;
    }

    /** Time between SIGTERM and SIGKILL, with the current limit applied. */
    Duration stopTimeout() {
        return patience.of(spec);
    }

    /**
     * Starts a delivery to a new or an idle process. Blocks while all are busy, or until the restart delay is over.
     * Threads that need several workers acquire them in one common order.
     *
     * @throws UnavailableException if no process can be provided, or the caller is to stop
     */
    public Delivery begin(FileHeader head, BooleanSupplier stopping) throws UnavailableException, InterruptedException {
        Child child = lease(head, stopping);
        return delivery(
                child,
                () -> spec.mode() == WorkerMode.PER_FILE
                        ? new PerFileDelivery(this, spec, head, child)
                        : new PersistentDelivery(this, spec, head, child));
    }

    /** Creates the delivery; the process is killed if that fails. */
    private <T extends Delivery> T delivery(Child child, Supplier<T> taker) {
        try {
            return taker.get();
        } catch (RuntimeException | Error e) {
            try {
                over(null, child, false);
            } catch (PosixException another) {
                e.addSuppressed(another);
            }
            throw e;
        }
    }

    /** Like {@link #begin}, for a worker that {@link #takesBatches}: starts a delivery of several small files. */
    public BatchDelivery beginBatch(FileHeader first, BooleanSupplier stopping)
            throws UnavailableException, InterruptedException {
        Child child = lease(first, stopping);
        return delivery(child, () -> new BatchDelivery(this, spec, first, child));
    }

    /** Whether small files may be sent without waiting for the answers in between. */
    public boolean takesBatches() {
        return spec.mode() == WorkerMode.PERSISTENT && spec.limits().timeout().isZero();
    }

    private Child lease(FileHeader head, BooleanSupplier stopping) throws UnavailableException, InterruptedException {
        take(stopping);
        try {
            Child child = kept();
            if (child == null) {
                awaitStart(stopping);
                child = start(head);
            }
            return child;
        } catch (IOException e) {
            String why = String.valueOf(e.getMessage());
            throw new UnavailableException(refused(WorkerOutcome.without(spec, Kind.NOT_STARTED, why)));
        } catch (UnavailableException | InterruptedException | RuntimeException | Error e) {
            release();
            throw e;
        }
    }

    private Child start(FileHeader head) throws IOException {
        long generation = registry.generation();
        Child child = starter.start(head);
        registry.add(child, generation);
        return child;
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
            throw new UnavailableException(WorkerOutcome.without(spec, Kind.STOPPED, "the scan was stopped"));
        }
    }

    private synchronized void release() {
        busy--;
        notifyAll();
    }

    /** Returns an idle process that passed the check, or null. */
    private @Nullable Child kept() throws PosixException {
        Child child = registry.takeIdle();
        while (child != null && !isFit(child)) {
            replaced(RestartReason.UNFIT_BETWEEN_FILES, "a process ended, or spoke unasked, between two files");
            child = registry.takeIdle();
        }
        return child;
    }

    private boolean isFit(Child child) throws PosixException {
        boolean fit = false;
        try {
            fit = child.isIdle();
            return fit;
        } finally {
            if (!fit) {
                end(child);
            }
        }
    }

    private void replaced(RestartReason kind, String reason) {
        tally.restarted(kind);
        tally.suffered(reason);
        listener.restarts(spec.name(), kind, reason);
    }

    private void end(Child child) throws PosixException {
        try {
            child.close();
        } finally {
            registry.remove(List.of(child));
        }
    }

    private synchronized void awaitStart(BooleanSupplier stopping) throws UnavailableException, InterruptedException {
        long wait = backoff.waitNanos();
        while (wait > 0) {
            stopIf(stopping);
            if (backoff.areTooMany()) { // this may have changed while waiting
                String why = "failed " + backoff.inARow() + " times in a row, and is quarantined";
                throw new UnavailableException(WorkerOutcome.without(spec, Kind.QUARANTINED, why));
            }
            TimeUnit.NANOSECONDS.timedWait(this, Math.min(wait, PATIENCE_NANOS));
            wait = backoff.waitNanos();
        }
    }

    private WorkerOutcome refused(WorkerOutcome outcome) {
        try {
            note(outcome);
        } finally {
            release();
        }
        return outcome;
    }

    /** Called by a delivery once, when it ends. */
    void over(@Nullable WorkerOutcome outcome, Child child, boolean keepsProcess) throws PosixException {
        try {
            if (!keepsProcess) {
                end(child);
            } else if (!registry.keeps(child)) {
                replace(List.of(child));
            }
        } finally {
            try {
                if (outcome != null) {
                    note(outcome); // before another thread may start a process
                }
            } finally {
                release();
            }
        }
    }

    /** Counts failures, and decides when the next process may start. */
    private void note(WorkerOutcome outcome) {
        boolean quarantined = false;
        boolean failed = outcome.kind().isWorkersFault();
        synchronized (this) {
            if (failed) {
                backoff.another();
                quarantined = backoff.areTooMany();
            } else if (outcome.kind() == Kind.DONE || outcome.kind() == Kind.FAILED) {
                backoff.overcome();
            }
        }
        if (failed) {
            tell(outcome, quarantined);
        }
    }

    private void tell(WorkerOutcome failure, boolean quarantined) {
        RestartReason kind = RestartReason.of(failure.kind());
        String reason = failure.kind().label() + ": " + failure.reason();
        boolean persistent = spec.mode() == WorkerMode.PERSISTENT;
        tally.suffered(reason);
        if (persistent) {
            tally.restarted(kind);
        }
        if (quarantined) {
            listener.quarantined(spec.name(), failure.reason());
        } else if (persistent) {
            listener.restarts(spec.name(), kind, reason);
        }
    }

    synchronized Headcount headcount() {
        boolean quarantined = backoff.areTooMany() && backoff.waitNanos() > 0;
        int waiting = registry.waiting(); // read first: a process that changes state in between is counted as busy
        int processes = registry.processes();
        return new Headcount(processes, Math.max(0, processes - waiting), quarantined);
    }

    /**
     * Replaces every process: idle ones are terminated now, busy ones after their file. Ends a quarantine. Returns
     * when no idle process of the former generation is left, usually at once, at most after twice the stop-timeout.
     */
    public void restart() throws PosixException {
        List<Child> waiting = registry.renew();
        synchronized (this) {
            backoff.forget();
            notifyAll();
        }
        replace(waiting);
    }

    private void replace(List<Child> children) throws PosixException {
        try {
            dismiss(children);
        } finally { // last, because a listener may throw and nothing else references these processes
            children.forEach(child -> replaced(RestartReason.REQUESTED, ASKED_FOR));
        }
    }

    /** Lets them exit by themselves first: they succeeded, and may have data to save. */
    private void dismiss(List<Child> children) throws PosixException {
        try (var termination = new GracefulTermination(posix, false)) {
            children.forEach(child -> termination.add(child, this::stopTimeout));
        } finally {
            registry.remove(children);
        }
    }

    /** Lets idle processes exit by themselves, and kills those that do not. */
    @Override
    public void close() throws PosixException {
        closeAll(List.of(this), false);
    }

    /**
     * Closes several pools in parallel.
     *
     * @param soon sends SIGTERM at once, instead of waiting first for the processes to exit by themselves
     */
    public static void closeAll(List<WorkerPool> pools, boolean soon) throws PosixException {
        if (pools.isEmpty()) {
            return;
        }
        Map<WorkerPool, List<Child>> leaving = new IdentityHashMap<>();
        try (var termination = new GracefulTermination(pools.get(0).posix, soon)) {
            for (WorkerPool pool : pools) {
                List<Child> waiting = pool.registry.takeAllIdle();
                leaving.put(pool, waiting);
                waiting.forEach(child -> termination.add(child, pool::stopTimeout));
            }
        } finally {
            leaving.forEach((pool, children) -> pool.registry.remove(children));
        }
    }
}
