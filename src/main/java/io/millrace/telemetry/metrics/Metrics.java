// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.metrics;

import io.millrace.posix.libc.SyscallErrorCounts;
import io.millrace.prealloc.AllocationListener;
import io.millrace.prealloc.AllocationResult;
import io.millrace.prealloc.pool.PoolListener;
import io.millrace.scan.FileResult;
import io.millrace.scan.ScanSummary;
import io.millrace.scan.job.ScanServiceListener;
import io.millrace.scan.job.ScanStatus;
import io.millrace.telemetry.ScanTotals;
import io.millrace.telemetry.ServiceParts;
import io.millrace.telemetry.ServiceSnapshot;
import io.millrace.worker.RestartReason;
import io.millrace.worker.WorkerListener;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Counts the events of the packages below, and writes them for Prometheus together with the current statuses. Any
 * thread; recording an event takes a few additions and never blocks. Its creator closes it.
 *
 * <p>Micrometer is initialized by the first scrape: it costs some 200 ms and 17 MiB, which a service that is not
 * scraped, or is just starting, need not spend. EnumLabels are configured names and constants, never paths, so the number
 * of series does not grow with the number of files.
 *
 * <p>As an {@link AllocationListener} it counts reservations outside of pools; {@link #filled} counts those of pools.
 */
public final class Metrics
        implements ScanServiceListener, PoolListener, WorkerListener, AllocationListener, AutoCloseable {
    private final MetricCounters counters;
    private final Exposition exposition;
    private volatile Supplier<Optional<ServiceSnapshot>> snapshots = Optional::empty;

    /** @param syscallFailures the number of failures of each kind since the service started; any thread may call it */
    public Metrics(String version, Supplier<Map<SyscallErrorCounts.Failure, Long>> syscallFailures) {
        this.counters = new MetricCounters(version, syscallFailures);
        this.exposition = new Exposition(() -> MetricFamilies.of(counters, snapshots.get()));
    }

    /** Returns the totals of all scans since the service started. */
    public ScanTotals scanTotals() {
        return counters.scanTotals;
    }

    /** Adds the statuses of these parts to the metrics. */
    public void show(ServiceParts subjects) {
        show(() -> ServiceSnapshot.of(subjects));
    }

    public void show(Supplier<ServiceSnapshot> source) {
        snapshots = () -> Optional.of(source.get());
    }

    /**
     * Writes the current values of all metrics.
     *
     * @param accept the Accept header of the request, empty for the text format of Prometheus
     */
    public void write(String accept, OutputStream out) throws IOException {
        exposition.write(accept, out);
    }

    @Override
    public void read(long bytes, long nanos) {
        counters.reads.record(nanos);
    }

    @Override
    public void fileFinished(String scan, FileResult result) {
        MetricCounters.adder(counters.files, MetricCounters.FileOutcome.of(result))
                .increment();
    }

    @Override
    public void ended(ScanStatus status, Optional<ScanSummary> summary) {
        counters.scanTotals.ended(status);
        MetricCounters.adder(counters.endedScans, status.state()).increment();
    }

    @Override
    public void filled(String pool, int files, long bytes, Duration elapsed) {
        counters.reservedBytes.add(bytes);
        counters.reservations.record(elapsed.toNanos(), files);
    }

    @Override
    public void finished(AllocationResult outcome) {
        if (outcome instanceof AllocationResult.Reserved reserved) {
            counters.reservedBytes.add(reserved.verdict().reservedBytes());
            counters.reservations.record(reserved.verdict().elapsed().toNanos());
        }
    }

    @Override
    public void restarts(String worker, RestartReason kind, String reason) {
        count(new Restart(worker, kind.label()));
    }

    @Override
    public void quarantined(String worker, String reason) {
        count(new Restart(worker, Restart.QUARANTINED));
    }

    private void count(Restart restart) {
        counters.restarts.computeIfAbsent(restart, key -> new LongAdder()).increment();
    }

    /** Unregisters Micrometer's listeners of garbage collections. Events are still counted afterwards. */
    @Override
    public void close() {
        exposition.close();
    }
}
