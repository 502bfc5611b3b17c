// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.job;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.millrace.catalog.CatalogException;
import io.millrace.lifecycle.ThreadShortageException;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.UnknownName;
import io.millrace.scan.ResultJson;
import io.millrace.scan.catalog.CatalogAccess;
import io.millrace.scan.throttle.InodeLocks;
import io.millrace.scan.throttle.IoSchedulers;
import io.millrace.scan.throttle.PressureMonitor;
import io.millrace.scan.throttle.PressureSource;
import io.millrace.scan.throttle.PsiReader;
import io.millrace.scan.throttle.QuietWindowProbe;
import io.millrace.scan.throttle.RateLimiter;
import io.millrace.worker.WorkerPools;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All scans of a service: the active ones, and the last {@link #MAX_KEPT} that have ended. Any thread; the service that
 * created it closes it.
 */
public final class ScanService implements ScanControl, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ScanService.class);

    public static final int MAX_KEPT = 100;

    /** More scans than the disks of any machine could serve. */
    public static final int MAX_ACTIVE = 64;

    /**
     * No step of a scan takes this long by itself, such as digesting a chunk or delivering a result to the listener.
     */
    private static final long MAX_IDLE_NANOS = 60_000_000_000L;

    private static final long CLOSE_NANOS = 2_000_000_000L;
    private static final long JOIN_MILLIS = 200;
    private static final Path DEVICES = Path.of("/sys/dev/block");

    private final Leasing workers;
    private final RateLimiter totalRate = new RateLimiter(RateLimiter.UNLIMITED);
    private final ScanJob.Service service;
    private final ThreadFactory threadFactory;

    /** In the order in which they were started. */
    @GuardedBy("this") private final Map<String, ScanJob> active = new LinkedHashMap<>();

    /** Threads of active scans, and of ended ones that are still notifying the listener. */
    @GuardedBy("this") private final Set<Thread> threads = new HashSet<>();

    /** Newest first. */
    @GuardedBy("this") private final Deque<ScanJob> over = new ArrayDeque<>();

    /** Number of scans of each source so far. */
    @GuardedBy("this") private final Map<String, Long> numbers = new HashMap<>();

    private volatile ScanDefaults scanDefaults = ScanDefaults.NONE;

    @GuardedBy("this") private boolean closed;

    public ScanService(Posix posix, WorkerPools workers, ScanServiceListener listener) {
        this(posix, workers, CatalogAccess.NONE, listener);
    }

    /** {@code catalog}: closed by whoever created it, after this. */
    public ScanService(Posix posix, WorkerPools workers, CatalogAccess catalog, ScanServiceListener listener) {
        this(posix, workers::lease, catalog, listener, new PsiReader(), Thread::new);
    }

    /** Like {@link WorkerPools#lease}. */
    interface Leasing {
        WorkerPools.Lease lease(List<String> names);
    }

    ScanService(Posix posix, Leasing workers, ScanServiceListener listener, PressureSource gauge) {
        this(posix, workers, listener, gauge, Thread::new);
    }

    /** {@code threadFactory}: creates each scan's own thread. */
    ScanService(
            Posix posix,
            Leasing workers,
            ScanServiceListener listener,
            PressureSource gauge,
            ThreadFactory threadFactory) {
        this(posix, workers, CatalogAccess.NONE, listener, gauge, threadFactory);
    }

    private ScanService(
            Posix posix,
            Leasing workers,
            CatalogAccess catalog,
            ScanServiceListener listener,
            PressureSource gauge,
            ThreadFactory threadFactory) {
        this.workers = workers;
        this.threadFactory = threadFactory;
        this.service = new ScanJob.Service(
                posix,
                listener,
                totalRate,
                new InodeLocks(),
                new PressureMonitor(gauge, QuietWindowProbe.Clock.REAL, listener::pressureUnknown),
                new IoSchedulers(DEVICES, listener::ioClassIgnored),
                catalog);
    }

    @Override
    public String start(ScanRequest request) {
        ScanJob job = prepare(request);
        boolean runs = false;
        try {
            run(job);
            runs = true;
        } finally {
            if (!runs) {
                abandon(job);
            }
        }
        return job.id();
    }

    /** Creates a job, assigns its id and adds it to the active scans. */
    private synchronized ScanJob prepare(ScanRequest request) {
        checkOpen();
        if (active.size() >= MAX_ACTIVE) {
            throw new IllegalStateException(MAX_ACTIVE + " scans are under way already");
        }
        String name = request.source().orElse(ResultJson.REQUEST);
        String id = name + "-" + (numbers.getOrDefault(name, 0L) + 1);
        var lease = request.workers().isEmpty()
                ? WorkerLease.none(id)
                : WorkerLease.of(workers.lease(request.workers()), id);
        ScanJob job;
        try {
            job = new ScanJob(id, scanDefaults.of(request), lease, service, this::ended);
        } catch (RuntimeException | Error e) {
            lease.close();
            throw e;
        }
        numbers.merge(name, 1L, Long::sum);
        active.put(id, job);
        return job;
    }

    @GuardedBy("this") private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the service stops");
        }
    }

    private synchronized void run(ScanJob job) {
        checkOpen(); // otherwise close() would not join its thread
        Thread thread = threadFactory.newThread(() -> {
            try {
                job.run();
            } finally {
                left(Thread.currentThread());
            }
        });
        thread.setName("millrace-job-" + job.id());
        ThreadShortageException.start(thread); // it cannot remove itself before the lock is released
        threads.add(thread);
    }

    /** Must be called without the lock, because it waits for a thread that may need the lock. */
    private void abandon(ScanJob job) {
        synchronized (this) {
            active.remove(job.id());
        }
        try {
            job.abandon();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (CatalogException e) {
            LOG.warn("scan {}: {}", job.id(), e.getMessage());
        }
    }

    private synchronized void left(Thread thread) {
        threads.remove(thread);
    }

    /** Sets the final state only after the job was removed from the active scans. */
    private synchronized void ended(ScanJob job, ScanState how, @Nullable String why) {
        active.remove(job.id());
        job.end(how, why);
        over.addFirst(job);
        while (over.size() > MAX_KEPT) {
            over.removeLast();
        }
    }

    @Override
    public List<ScanStatus> statuses() {
        List<ScanStatus> statuses =
                all().stream().map(ScanJob::status).collect(Collectors.toCollection(ArrayList::new));
        long ended = statuses.stream().filter(status -> status.state().isOver()).count();
        for (long more = ended; more > MAX_KEPT; more--) { // a scan ended in between and evicted the oldest
            statuses.remove(statuses.size() - 1);
        }
        return List.copyOf(statuses);
    }

    private synchronized List<ScanJob> all() {
        Deque<ScanJob> newestFirst = new ArrayDeque<>();
        active.values().forEach(newestFirst::addFirst);
        return Stream.concat(newestFirst.stream(), over.stream()).toList();
    }

    @Override
    public ScanStatus status(String id) {
        return job(id).status();
    }

    private ScanJob job(String id) {
        return all().stream()
                .filter(job -> job.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(UnknownName.message(
                        "scan", id, all().stream().map(ScanJob::id).toList())));
    }

    @Override
    public boolean pause(String id) {
        return job(id).pause();
    }

    @Override
    public boolean resume(String id) {
        return job(id).resume();
    }

    @Override
    public boolean cancel(String id) {
        return job(id).cancel();
    }

    @Override
    public boolean setRate(String id, long bytesPerSecond) {
        return job(id).setRate(bytesPerSecond);
    }

    @Override
    public void setTotalRate(long bytesPerSecond) {
        totalRate.setBytesPerSecond(bytesPerSecond);
        all().forEach(ScanJob::wake);
    }

    @Override
    public long totalRate() {
        return totalRate.bytesPerSecond();
    }

    /** Sets the defaults of scans that are started from now on. */
    public void setDefaults(ScanDefaults usual) {
        scanDefaults = usual;
    }

    /**
     * Liveness check for the watchdog: false if a scan has made no progress (no byte, no file) for a minute without a
     * reason. A scan that is held, or waits for its rate limit, a worker or another scan, or is in a native call, has a
     * reason.
     */
    public boolean isAlive() {
        return isAlive(MAX_IDLE_NANOS);
    }

    boolean isAlive(long mostIdleNanos) {
        return all().stream().allMatch(job -> job.isAlive(mostIdleNanos));
    }

    /**
     * Cancels all scans and waits until they have ended and the listener was notified. If a scan is in a native call
     * that does not return, it waits only 2 seconds; the exit of the process ends that scan.
     */
    @Override
    public void close() {
        List<ScanJob> running;
        List<Thread> ending;
        synchronized (this) {
            closed = true;
            running = List.copyOf(active.values());
            ending = List.copyOf(threads);
        }
        running.forEach(ScanJob::cancel);
        boolean interrupted = false;
        long beganNanos = System.nanoTime();
        for (Thread thread : ending) {
            while (thread.isAlive() && !isHopeless(beganNanos, running)) {
                try {
                    thread.join(JOIN_MILLIS);
                } catch (InterruptedException e) {
                    interrupted = true; // the threads use objects that the caller closes next
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isHopeless(long sinceNanos, List<ScanJob> running) {
        return System.nanoTime() - sinceNanos > CLOSE_NANOS && running.stream().anyMatch(ScanJob::isStuck);
    }
}
