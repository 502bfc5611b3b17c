// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.job;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.millrace.lifecycle.ThreadShortageException;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.UnknownName;
import io.millrace.scan.ResultJson;
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

/**
 * All scans of a service: those under way, and the last {@link #MAX_KEPT} that are over. Any thread.
 *
 * <p>Every method that takes an id throws {@link IllegalArgumentException} where there is no such scan.
 */
public final class ScanService implements AutoCloseable {
    public static final int MAX_KEPT = 100;

    /** More than any machine's disks could serve. */
    public static final int MAX_ACTIVE = 64;

    /** Nothing of a scan's own takes as long: a chunk past its digests, a result past its listener. */
    private static final long MAX_IDLE_NANOS = 60_000_000_000L;

    private static final long CLOSE_NANOS = 2_000_000_000L;
    private static final long JOIN_MILLIS = 200;
    private static final Path DEVICES = Path.of("/sys/dev/block");

    private final Leasing workers;
    private final RateLimiter totalRate = new RateLimiter(RateLimiter.UNLIMITED);
    private final ScanJob.Service service;
    private final ThreadFactory threadFactory;

    /** In the order of their starts. */
    @GuardedBy("this") private final Map<String, ScanJob> active = new LinkedHashMap<>();

    /** Of those under way, and of those that are over and still tell of it. */
    @GuardedBy("this") private final Set<Thread> threads = new HashSet<>();

    /** The newest first. */
    @GuardedBy("this") private final Deque<ScanJob> over = new ArrayDeque<>();

    /** How many scans each source has had. */
    @GuardedBy("this") private final Map<String, Long> numbers = new HashMap<>();

    private volatile ScanDefaults manners = ScanDefaults.NONE;

    @GuardedBy("this") private boolean closed;

    public ScanService(Posix posix, WorkerPools workers, ScanServiceListener listener) {
        this(posix, workers::lease, listener, new PsiReader());
    }

    /** As {@link WorkerPools#lease}. */
    interface Leasing {
        WorkerPools.Lease lease(List<String> names);
    }

    ScanService(Posix posix, Leasing workers, ScanServiceListener listener, PressureSource gauge) {
        this(posix, workers, listener, gauge, Thread::new);
    }

    /** {@code threadFactory}: of each scan's own thread. */
    ScanService(
            Posix posix,
            Leasing workers,
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
                new IoSchedulers(DEVICES, listener::ioClassIgnored));
    }

    /**
     * Begins a scan on threads of its own.
     *
     * @return its id
     * @throws IllegalArgumentException that names an unknown worker
     * @throws IllegalStateException where {@link #MAX_ACTIVE} run already, or the service stops
     * @throws ThreadShortageException where the system has no thread for it
     */
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

    /** It has an id, and counts as one under way. */
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
            job = new ScanJob(id, manners.of(request), lease, service, this::ended);
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
        checkOpen(); // else nobody would wait for its thread
        Thread thread = threadFactory.newThread(() -> {
            try {
                job.run();
            } finally {
                left(Thread.currentThread());
            }
        });
        thread.setName("millrace-job-" + job.id());
        ThreadShortageException.start(thread); // its end waits for the lock that is held here
        threads.add(thread);
    }

    /** Not under the lock: it waits for a thread that may ask for it. */
    private void abandon(ScanJob job) {
        synchronized (this) {
            active.remove(job.id());
        }
        try {
            job.abandon();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void left(Thread thread) {
        threads.remove(thread);
    }

    /** Its state is that of the end only once it is no longer among those under way. */
    private synchronized void ended(ScanJob job, ScanState how, @Nullable String why) {
        active.remove(job.id());
        job.end(how, why);
        over.addFirst(job);
        while (over.size() > MAX_KEPT) {
            over.removeLast();
        }
    }

    /** Those under way first, then those that are over; within each, the newest first. */
    public List<ScanStatus> statuses() {
        List<ScanStatus> statuses =
                all().stream().map(ScanJob::status).collect(Collectors.toCollection(ArrayList::new));
        long ended = statuses.stream().filter(status -> status.state().isOver()).count();
        for (long more = ended; more > MAX_KEPT; more--) { // one ended meanwhile, and the oldest was forgotten for it
            statuses.remove(statuses.size() - 1);
        }
        return List.copyOf(statuses);
    }

    private synchronized List<ScanJob> all() {
        Deque<ScanJob> newestFirst = new ArrayDeque<>();
        active.values().forEach(newestFirst::addFirst);
        return Stream.concat(newestFirst.stream(), over.stream()).toList();
    }

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

    /**
     * Holds a scan at its next read; it keeps the processes of workers that are in the middle of a file. False where it
     * is over.
     */
    public boolean pause(String id) {
        return job(id).pause();
    }

    public boolean resume(String id) {
        return job(id).resume();
    }

    /** Asks it to end at the next read; false where it is over. */
    public boolean cancel(String id) {
        return job(id).cancel();
    }

    /** {@link RateLimiter#UNLIMITED}, or 1 and more; at once. False where it is over. */
    public boolean setRate(String id, long bytesPerSecond) {
        return job(id).setRate(bytesPerSecond);
    }

    /** For all scans together. */
    public void setTotalRate(long bytesPerSecond) {
        totalRate.setBytesPerSecond(bytesPerSecond);
        all().forEach(ScanJob::wake);
    }

    public long totalRate() {
        return totalRate.bytesPerSecond();
    }

    /** Of scans that begin from now on, where the request says nothing of them. */
    public void setManners(ScanDefaults usual) {
        manners = usual;
    }

    /**
     * False once a scan that has something to do has moved no byte and no file for a minute: for a watchdog. A scan that
     * is held, waits for its rate, a worker or another scan, or is in a call of the kernel, has nothing to do of its own.
     */
    public boolean isAlive() {
        return isAlive(MAX_IDLE_NANOS);
    }

    boolean isAlive(long mostIdleNanos) {
        return all().stream().allMatch(job -> job.isAlive(mostIdleNanos));
    }

    /**
     * Cancels all and waits for their ends, and until the listener has heard of them. Where a scan stands in a call into the
     * kernel that does not return, for 2 seconds: the end of the process ends it.
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
                    interrupted = true; // they use what the caller closes next
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
