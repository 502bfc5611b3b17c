// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.job;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.millrace.catalog.CatalogException;
import io.millrace.lifecycle.CancellationToken;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.scan.BulkScanner;
import io.millrace.scan.FileResult;
import io.millrace.scan.ScanListener;
import io.millrace.scan.ScanProgress;
import io.millrace.scan.ScanSharing;
import io.millrace.scan.ScanSummary;
import io.millrace.scan.catalog.CatalogAccess;
import io.millrace.scan.throttle.InodeLocks;
import io.millrace.scan.throttle.IoSchedulers;
import io.millrace.scan.throttle.PressureMonitor;
import io.millrace.scan.throttle.RateLimiter;
import io.millrace.scan.throttle.ReadGate;
import io.millrace.scan.throttle.YieldController;
import io.millrace.scan.walk.WalkSpec;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One scan of a service, from its start until it is evicted from the history. It runs on its own thread; any thread may
 * query and control it.
 */
final class ScanJob implements Runnable {
    private static final int SIGTERM = 15;
    private static final int MAX_READING = 8;
    private static final long STUCK_NANOS = 2_000_000_000L;
    private static final Duration MIN_STALL = Duration.ofSeconds(5);
    private static final double NANOS_PER_SECOND = 1e9;

    private final String id;
    private final ScanRequest request;
    private final ScanServiceListener listener;
    private final PressureMonitor pressure;
    private final Over over;
    private final WorkerLease workers;
    private final CancellationToken stop = new CancellationToken();
    private final RateLimiter limiter;
    private final ReadGate gate;
    private final BulkScanner scanner;
    private final RecordedRun recorded;
    private final SizeEstimate count;
    private final YieldController yieldController;
    private final Instant started = Instant.now();
    private final long startNanos = System.nanoTime();

    /** Whether everything was read, so that the job only waits for processes to exit. */
    private volatile boolean isRead;

    @GuardedBy("this") private ScanState state = ScanState.RUNNING;

    @GuardedBy("this") private @Nullable Instant ended;

    @GuardedBy("this") private double seconds;

    @GuardedBy("this") private @Nullable String error;

    /** Objects that all scans of a service share. */
    record Service(
            Posix posix,
            ScanServiceListener listener,
            RateLimiter totalRate,
            InodeLocks turns,
            PressureMonitor pressure,
            IoSchedulers schedulers,
            CatalogAccess catalog) {}

    /** Receives the end of a job before the listener does, and sets the job's final state. */
    interface Over {
        /** Must call {@link ScanJob#end} with these arguments. */
        void ended(ScanJob job, ScanState how, @Nullable String why);
    }

    ScanJob(String id, ScanRequest request, WorkerLease workers, Service service, Over over) {
        this.id = id;
        this.request = request;
        this.workers = workers;
        this.listener = service.listener();
        this.pressure = service.pressure();
        this.over = over;
        this.limiter = new RateLimiter(request.bytesPerSecond());
        this.gate = new ReadGate(List.of(limiter, service.totalRate()), listener::read);
        boolean hasClass = request.options().ioPriority().isPresent();
        var shared = new ScanSharing(gate, service.turns(), status -> {
            if (hasClass) {
                service.schedulers().opened(status);
            }
        });
        this.recorded =
                new RecordedRun(service.posix(), request, service.catalog(), file -> listener.fileRecorded(id, file));
        this.scanner =
                new BulkScanner(service.posix(), recorded.applyTo(request.options()), workers.workers(), shared, stop);
        this.count = new SizeEstimate(id, service.posix(), request, gate);
        this.yieldController = pressure.join(gate, request.yieldAbove());
    }

    String id() {
        return id;
    }

    /** Runs the scan; returns after its threads and child processes have ended. */
    @Override
    public void run() {
        Optional<ScanSummary> summary = Optional.empty();
        ScanState how = ScanState.FAILED;
        String why = null;
        try {
            summary = Optional.of(scan());
            how = summary.get().stopped() ? ScanState.CANCELLED : ScanState.FINISHED;
        } catch (Throwable e) { // errors too, or callers would wait for its end forever
            why = describe(e);
        }
        over.ended(this, how, why);
        try {
            recorded.ended(scanner.progress().bytes(), (System.nanoTime() - startNanos) / NANOS_PER_SECOND);
        } finally {
            listener.ended(status(), summary);
        }
    }

    private ScanSummary scan() throws IOException, InterruptedException {
        try (workers;
                recorded) {
            listener.started(status());
            WalkSpec walk = recorded.walk(stop::isRequested);
            if (!recorded.hasShare()) {
                count.start();
            }
            var summary = scanner.scan(walk, recorded.listener(new ScanListener() {
                @Override
                public void fileFinished(FileResult result) throws IOException {
                    listener.fileFinished(id, result);
                }
            }));
            isRead = true;
            recorded.finish(!summary.stopped());
            return summary;
        } finally {
            count.close();
            pressure.leave(yieldController);
        }
    }

    /** Releases the job's resources if its thread could not be started. */
    void abandon() throws InterruptedException, CatalogException {
        try (workers;
                recorded) {
            pressure.leave(yieldController);
        }
    }

    private static String describe(Throwable e) {
        return e instanceof Error || e.getMessage() == null ? e.toString() : e.getMessage();
    }

    /** Sets the final state. Called by {@link Over}, once. */
    synchronized void end(ScanState how, @Nullable String why) {
        state = how;
        error = why;
        ended = Instant.now();
        seconds = (System.nanoTime() - startNanos) / NANOS_PER_SECOND;
    }

    synchronized boolean isOver() {
        return state.isOver();
    }

    /** Returns false if the scan has ended, like every control method. */
    synchronized boolean pause() {
        if (!state.isOver()) {
            gate.hold(ReadGate.Hold.PAUSE);
        }
        return !state.isOver();
    }

    synchronized boolean resume() {
        if (!state.isOver()) {
            gate.release(ReadGate.Hold.PAUSE);
        }
        return !state.isOver();
    }

    synchronized boolean cancel() {
        if (!state.isOver()) {
            stop.request(SIGTERM);
            gate.wake();
        }
        return !state.isOver();
    }

    synchronized boolean setRate(long bytesPerSecond) {
        if (!state.isOver()) {
            limiter.setBytesPerSecond(bytesPerSecond);
            gate.wake();
        }
        return !state.isOver();
    }

    /** Makes waiting threads use a new total rate. */
    void wake() {
        gate.wake();
    }

    /** Returns false after a long time without progress for which nothing outside this program is the reason. */
    boolean isAlive(long mostIdleNanos) {
        return isOver()
                || isRead
                || gate.isReading()
                || scanner.progress().idleNanos() < mostIdleNanos
                || recorded.isAdvancing(mostIdleNanos)
                || scanner.isInKernel();
    }

    /** Whether a thread is in a native call and there was no progress for some time. */
    boolean isStuck() {
        return !isOver() && (scanner.isStuck() || (scanner.progress().idleNanos() > STUCK_NANOS && count.isInKernel()));
    }

    /** Returns the value of {@link ScanStatus#stalled}. */
    Duration stalled() {
        long nanos = gate.longestNanos();
        long idleNanos = scanner.progress().idleNanos();
        if (idleNanos > Math.max(nanos, MIN_STALL.toNanos()) && scanner.isInKernel()) {
            nanos = idleNanos;
        }
        Duration stalled = Duration.ofNanos(nanos);
        return isOver() || stalled.compareTo(MIN_STALL) < 0 ? Duration.ZERO : stalled;
    }

    @GuardedBy("this") private ScanState stateNow() {
        if (state.isOver()) {
            return state;
        }
        if (stop.isRequested()) {
            return ScanState.CANCELLING;
        }
        if (gate.isHeld(ReadGate.Hold.PAUSE)) {
            return ScanState.PAUSED;
        }
        return gate.isHeld(ReadGate.Hold.YIELD) ? ScanState.YIELDING : ScanState.RUNNING;
    }

    synchronized ScanStatus status() {
        ScanSummary told = scanner.soFar();
        ScanProgress progress = scanner.progress();
        boolean isOver = state.isOver();
        long bytes = isOver ? told.bytes() : progress.bytes();
        return new ScanStatus(
                id,
                request.source(),
                stateNow(),
                started,
                Optional.ofNullable(ended),
                told.files() + told.failed(),
                told.failed(),
                told.changed(),
                told.workersFailed(),
                bytes,
                count.totalBytes(),
                isOver ? progress.figures().after(seconds, bytes) : progress.figures(),
                limiter.bytesPerSecond(),
                Duration.ofNanos(yieldController.yieldedNanos()),
                stalled(),
                progress.reading(MAX_READING).stream().map(BytePath::display).toList(),
                told.effect(),
                request.options().wish().policy(),
                Optional.ofNullable(error),
                recorded.outcome());
    }
}
