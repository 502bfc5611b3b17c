// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.millrace.lifecycle.ThreadShortageException;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.libc.UnknownName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The configured workers of a service, by name. Several scans share the processes of one worker. Any thread; the
 * service closes it. Processes that cannot be terminated are reported to the listener, since the holder of a lease can
 * do nothing about them.
 */
public final class WorkerPools implements WorkerControl, AutoCloseable {
    private final Posix posix;
    private final WorkerListener listener;
    private final StopTimeoutLimit patience = new StopTimeoutLimit();

    @GuardedBy("this") private final SortedMap<String, Shared> configured = new TreeMap<>();

    /** Pools that are no longer configured but still leased. */
    @GuardedBy("this") private final List<Shared> draining = new ArrayList<>();

    /** By the name of every worker that was ever configured. */
    private final Map<String, WorkerTally> tallies = new ConcurrentHashMap<>();

    /** Threads that terminate processes in the background. */
    @GuardedBy("this") private final List<Thread> terminations = new ArrayList<>();

    @GuardedBy("this") private boolean closed;

    /** A pool and the number of its leases; guarded by the registry. */
    private static final class Shared {
        final WorkerPool pool;
        final WorkerTally tally;
        int leases;

        Shared(WorkerPool pool, WorkerTally tally) {
            this.pool = pool;
            this.tally = tally;
        }

        String name() {
            return pool.spec().name();
        }
    }

    /** {@code listener} is also notified of errors while processes are replaced or terminated. */
    public WorkerPools(Posix posix, WorkerListener listener) {
        this.posix = posix;
        this.listener = listener;
    }

    /** Some workers, leased by one scan: they do not change until the lease is closed, whatever {@link #apply} does. */
    public interface Lease extends AutoCloseable {
        /** Each worker once, ordered by name: the common order in which threads may wait for several. */
        List<WorkerPool> pools();

        /**
         * Must be called after the last delivery is closed; idempotent. If a worker was reconfigured meanwhile, the
         * last lease of its former processes waits until they have ended, at most twice the stop-timeout.
         */
        @Override
        void close();
    }

    private final class Held implements Lease {
        private final List<Shared> shared;
        private boolean over;

        Held(List<Shared> shared) {
            this.shared = shared;
        }

        @Override
        public List<WorkerPool> pools() {
            return shared.stream().map(one -> one.pool).toList();
        }

        @Override
        public void close() {
            end(release(), false);
        }

        private List<WorkerPool> release() {
            synchronized (WorkerPools.this) {
                var unused = new ArrayList<WorkerPool>();
                for (Shared one : over ? List.<Shared>of() : shared) {
                    if (--one.leases == 0 && (draining.remove(one) || closed)) {
                        unused.add(one.pool);
                    }
                }
                over = true;
                return unused;
            }
        }
    }

    /**
     * Replaces the configuration. Unchanged workers keep their processes; those of the others end with their last
     * lease, or at once if there is none. This does not wait for their end, which may take twice the stop-timeout;
     * {@link #close()} does.
     *
     * @throws IllegalArgumentException if two have one name; nothing is changed then
     */
    public void apply(Collection<WorkerSpec> specs) {
        var wanted = new TreeMap<String, WorkerSpec>();
        for (WorkerSpec spec : specs) {
            if (wanted.put(spec.name(), spec) != null) {
                throw new IllegalArgumentException("two workers are named " + spec.name());
            }
        }
        synchronized (this) {
            checkOpen();
            endBeside(retireAllBut(wanted));
            for (WorkerSpec spec : wanted.values()) {
                if (!configured.containsKey(spec.name())) {
                    configured.put(spec.name(), share(spec));
                }
            }
        }
    }

    @GuardedBy("this") private void endBeside(List<WorkerPool> pools) {
        if (!pools.isEmpty()) {
            var thread = new Thread(() -> end(pools, false), "millrace-worker-farewell");
            thread.setDaemon(true); // close() waits for it
            terminations.removeIf(former -> !former.isAlive());
            if (ThreadShortageException.tryStart(thread)) {
                terminations.add(thread);
            } else {
                end(pools, true); // no thread is available; with SIGTERM at once the caller does not block for long
            }
        }
    }

    @GuardedBy("this") private List<WorkerPool> retireAllBut(Map<String, WorkerSpec> wanted) {
        var unused = new ArrayList<WorkerPool>();
        for (Iterator<Shared> all = configured.values().iterator(); all.hasNext(); ) {
            Shared one = all.next();
            if (!one.pool.spec().equals(wanted.get(one.name()))) {
                all.remove();
                if (one.leases > 0) {
                    draining.add(one);
                } else {
                    unused.add(one.pool);
                }
            }
        }
        return unused;
    }

    @GuardedBy("this") private Shared share(WorkerSpec spec) {
        WorkerTally tally = tallies.computeIfAbsent(spec.name(), unknown -> new WorkerTally());
        return new Shared(new WorkerPool(posix, spec, listener, tally, patience), tally);
    }

    @GuardedBy("this") private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the workers are closed");
        }
    }

    /** @throws IllegalArgumentException whose message names the workers that are not configured */
    public synchronized Lease lease(List<String> names) {
        checkOpen();
        var held = new ArrayList<Shared>();
        var unknown = new ArrayList<String>();
        for (String name : new TreeSet<>(names)) {
            Shared one = configured.get(name);
            if (one == null) {
                unknown.add(name);
            } else {
                held.add(one);
            }
        }
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    UnknownName.message("worker", unknown, new TreeSet<>(configured.keySet())));
        }
        held.forEach(one -> one.leases++);
        return new Held(List.copyOf(held));
    }

    @Override
    public synchronized List<WorkerStatus> statuses() {
        var all = new ArrayList<WorkerStatus>();
        for (Shared one : configured.values()) {
            all.add(status(one));
        }
        return all;
    }

    @GuardedBy("this") private WorkerStatus status(Shared current) {
        var now = current.pool.headcount();
        int processes = now.processes();
        int busy = now.busy();
        for (Shared former : draining) {
            if (former.name().equals(current.name())) {
                processes += former.pool.headcount().processes();
                busy += former.pool.headcount().busy();
            }
        }
        long restarts = current.tally.restarts().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        return new WorkerStatus(
                current.pool.spec(),
                processes,
                busy,
                current.tally.fedBytes(),
                restarts,
                now.quarantined(),
                current.tally.lastReason(),
                current.tally.lastReasonAt(),
                current.tally.files());
    }

    /** Counts the final outcome of a file for the worker's status; ignored for an unknown worker. */
    public void finished(WorkerOutcome outcome) {
        WorkerTally tally = tallies.get(outcome.worker());
        if (tally != null) {
            tally.finished(outcome);
        }
    }

    /** Restarts since the service started, by worker and by every reason; {@link WorkerStatus} has the sum. */
    public synchronized SortedMap<String, Map<RestartReason, Long>> restarts() {
        var counts = new TreeMap<String, Map<RestartReason, Long>>();
        configured.forEach((name, shared) -> counts.put(name, shared.tally.restarts()));
        return counts;
    }

    @Override
    public void restart(String name) {
        WorkerPool pool;
        try (var lease = lease(List.of(name))) { // so that it is not closed meanwhile
            pool = lease.pools().get(0);
            pool.restart();
        } catch (PosixException e) {
            listener.couldNotEnd(List.of(name), String.valueOf(e.getMessage()));
        }
    }

    /**
     * Limits each step of terminating a process to this time from now on, whatever the stop-timeout is: the service is
     * shutting down.
     */
    public void hurry(Duration atMost) {
        patience.limit(atMost);
    }

    /**
     * Terminates all processes; the leases must be closed before. Waits for that, at most twice the longest
     * stop-timeout.
     */
    @Override
    public void close() {
        close(false);
    }

    /** Like {@link #close()}; {@code soon} sends SIGTERM at once, so that it takes at most one stop-timeout. */
    public void close(boolean soon) {
        List<WorkerPool> all;
        List<Thread> others;
        synchronized (this) {
            closed = true;
            others = List.copyOf(terminations);
            all = Stream.concat(configured.values().stream(), draining.stream())
                    .map(one -> one.pool)
                    .toList();
            configured.clear();
            draining.clear();
        }
        end(all, soon);
        others.forEach(WorkerPools::join);
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true; // no process may outlive this one
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void end(List<WorkerPool> pools, boolean soon) {
        try {
            WorkerPool.closeAll(pools, soon);
        } catch (PosixException e) {
            var names = pools.stream().map(pool -> pool.spec().name()).toList();
            listener.couldNotEnd(names, String.valueOf(e.getMessage()));
        }
    }
}
