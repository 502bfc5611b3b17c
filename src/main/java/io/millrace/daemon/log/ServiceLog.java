// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.log;

import io.millrace.catalog.record.Verdict;
import io.millrace.prealloc.pool.PoolListener;
import io.millrace.prealloc.pool.PoolStatus;
import io.millrace.scan.FileResult;
import io.millrace.scan.ScanSummary;
import io.millrace.scan.job.ScanServiceListener;
import io.millrace.scan.job.ScanStatus;
import io.millrace.scan.record.RecordedFile;
import io.millrace.units.ByteRate;
import io.millrace.units.ByteSize;
import io.millrace.worker.WorkerListener;
import io.millrace.worker.WorkerOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Logs the events that operators look for. Files without problems are not logged. Any thread; it need not be closed.
 */
public final class ServiceLog implements PoolListener, ScanServiceListener, WorkerListener {
    private static final Logger LOG = LoggerFactory.getLogger("io.millrace");

    /** The limit of lines about failed files for each scan; a directory of another user may contain thousands. */
    private static final int MAX_COMPLAINTS = 100;

    /** The limit of lines about files that failed at one worker for each scan: a broken worker fails at every file. */
    private static final int MAX_WORKER_COMPLAINTS = 3;

    private final Map<String, Map<String, AtomicInteger>> workerComplaints = new ConcurrentHashMap<>();
    private final LogBudget budget = new LogBudget(MAX_COMPLAINTS, Duration.ofHours(1), System::nanoTime);
    private final RunNews runs;
    private final Map<String, AtomicInteger> complaints = new ConcurrentHashMap<>();

    public ServiceLog() {
        this(System::nanoTime);
    }

    public ServiceLog(LongSupplier nanoTime) {
        runs = new RunNews(Duration.ofHours(1), nanoTime);
    }

    @Override
    public void changed(PoolStatus status) {
        String pool = "pool " + status.spec().name() + ": ";
        String why = status.reason().orElse("");
        switch (status.state()) {
            case STARVED ->
                LOG.warn(
                        "{}starved with {} of {} files: {}",
                        pool,
                        status.ready(),
                        status.spec().ready(),
                        why);
            case FAILED -> LOG.error("{}cannot be filled: {}", pool, why);
            case READY -> LOG.info("{}ready with {} {}", pool, status.ready(), files(status.ready()));
            case FILLING -> LOG.debug("{}filling", pool);
        }
    }

    @Override
    public void stranger(String pool, String why) {
        warn(pool, "ignoring foreign file: " + why);
    }

    @Override
    public void unwatched(String pool, String why) {
        warn(pool, "cannot be watched by inotify, polling once a second: " + why);
    }

    @Override
    public void onDirectoryExposed(String pool, String why) {
        warn(pool, "its directory is not safe: " + why);
    }

    @Override
    public void onDirectoryReplaced(String pool, String what) {
        warn(pool, what);
    }

    /** Limited for each hour, because entries of a directory can appear and disappear again without end. */
    private void warn(String pool, String line) {
        switch (budget.spend(pool)) {
            case WRITE -> LOG.warn("pool {}: {}", pool, line);
            case LAST -> LOG.warn("pool {}: {}; no more such lines of this pool within the hour", pool, line);
            case SUPPRESS -> LOG.debug("pool {}: {}", pool, line);
        }
    }

    @Override
    public void started(ScanStatus status) {
        boolean isNews = status.source().map(runs::isStartNews).orElse(true);
        LOG.atLevel(isNews ? Level.INFO : Level.DEBUG).log("scan {}: started", status.id());
    }

    @Override
    public void fileFinished(String scan, FileResult result) {
        if (result.isGood()) {
            return;
        }
        result.error().ifPresent(error -> complain(scan, error));
        result.change().ifPresent(change -> complain(scan, change));
        for (WorkerOutcome outcome : result.workers()) {
            outcome.complaint().ifPresent(why -> complainOfWorker(scan, outcome, result.path() + ": " + why));
        }
    }

    @Override
    public void fileRecorded(String scan, RecordedFile file) {
        if (file.verdict().filter(Verdict::isAlarm).isPresent()) {
            complain(scan, CatalogLog.alarm(file), Level.ERROR);
        } else if (file.result() != null
                && file.verdict().filter(Verdict.MISSING::equals).isEmpty()) {
            fileFinished(scan, file.result());
        }
    }

    /** Logs the first few failures of each worker; their total is logged when the scan ends. */
    private void complainOfWorker(String scan, WorkerOutcome outcome, String line) {
        var ofScan = workerComplaints.computeIfAbsent(scan, any -> new ConcurrentHashMap<>());
        int lines = ofScan.computeIfAbsent(outcome.worker(), any -> new AtomicInteger())
                .incrementAndGet();
        if (lines <= MAX_WORKER_COMPLAINTS) {
            LOG.warn("scan {}: {}", scan, line);
        }
    }

    private void countWorkerComplaints(String scan) {
        Map<String, AtomicInteger> ofScan = workerComplaints.remove(scan);
        if (ofScan != null) {
            new TreeMap<>(ofScan).forEach((worker, lines) -> {
                if (lines.get() > MAX_WORKER_COMPLAINTS) {
                    LOG.warn(
                            "scan {}: worker {} failed on {} files; the first {} are logged above, the results contain"
                                    + " all",
                            scan,
                            worker,
                            lines.get(),
                            MAX_WORKER_COMPLAINTS);
                }
            });
        }
    }

    private void complain(String scan, String line) {
        complain(scan, line, Level.WARN);
    }

    private void complain(String scan, String line, Level level) {
        int lines = complaints.computeIfAbsent(scan, any -> new AtomicInteger()).incrementAndGet();
        if (lines < MAX_COMPLAINTS) {
            LOG.atLevel(level).log("scan {}: {}", scan, line);
        } else if (lines == MAX_COMPLAINTS) {
            LOG.warn("scan {}: further failures are not logged; its results contain every failed file", scan);
        }
    }

    @Override
    public void ended(ScanStatus status, Optional<ScanSummary> summary) {
        complaints.remove(status.id());
        countWorkerComplaints(status.id());
        boolean good = summary.isPresent() && summary.get().isGood();
        OptionalInt unlogged =
                status.source().map(source -> runs.ended(source, good)).orElse(OptionalInt.of(0));
        if (summary.isEmpty()) {
            LOG.error("scan {}: failed: {}", status.id(), status.error().orElse("unknown"));
            return;
        }
        Level level = !good ? Level.WARN : unlogged.isPresent() ? Level.INFO : Level.DEBUG;
        LOG.atLevel(level).log("scan {}: {}{}", status.id(), sentence(summary.get()), before(unlogged.orElse(0)));
    }

    /** Successful runs are logged once an hour. */
    private static String before(int unlogged) {
        return unlogged == 0
                ? ""
                : "; " + unlogged + (unlogged == 1 ? " successful run" : " successful runs") + " before it not logged";
    }

    private static String files(long count) {
        return count == 1 ? "file" : "files";
    }

    private static String sentence(ScanSummary summary) {
        return String.format(
                Locale.ROOT,
                "%s %d %s, %s in %.1f s (%s); %d failed, %d changed while being read, %d failed at a worker; %s left in the"
                        + " page cache",
                summary.stopped() ? "stopped after" : "read",
                summary.files(),
                files(summary.files()),
                ByteSize.format(summary.bytes()),
                summary.seconds(),
                ByteRate.format(summary.bytesPerSecond()),
                summary.failed(),
                summary.changed(),
                summary.workersFailed(),
                ByteSize.format(summary.effect().leftBytes()));
    }

    @Override
    public void ioClassIgnored(String device, String scheduler) {
        LOG.warn(
                "{}: io-class has no effect on this device, because its scheduler '{}' does not support I/O classes",
                device,
                scheduler);
    }

    @Override
    public void pressureUnknown(String why) {
        LOG.warn("yield-above has no effect: I/O pressure is unknown: {}", why);
    }

    @Override
    public void line(String worker, int pid, String line) {
        LOG.info("worker {}[{}]: {}", worker, pid, line);
    }

    @Override
    public void restarts(String worker, String reason) {
        LOG.warn("worker {}: restarting: {}", worker, reason);
    }

    @Override
    public void couldNotEnd(List<String> workers, String reason) {
        LOG.error("worker {}: a process could not be killed: {}", String.join(" or ", workers), reason);
    }

    @Override
    public void quarantined(String worker, String reason) {
        LOG.error("worker {}: quarantined: {}", worker, reason);
    }
}
