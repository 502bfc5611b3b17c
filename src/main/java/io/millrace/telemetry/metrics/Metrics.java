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
 * Counts what the floors below tell, and writes it for Prometheus together with their statuses at that moment. Any
 * thread; what it hears costs a few additions and never waits.
 *
 * <p>Micrometer is only woken by the first scrape: it costs some 200 ms and 17 MiB, which a service that nobody scrapes,
 * or that is just starting, need not pay. Labels are configured names and words from fixed lists, never a path, so the
 * number of series does not grow with files.
 *
 * <p>As {@link AllocationListener} it is for reservations outside of the pools; the pools' own come by {@link #filled}.
 */
public final class Metrics
        implements ScanServiceListener, PoolListener, WorkerListener, AllocationListener, AutoCloseable {
    private final MetricCounters counters;
    private final Exposition exposition;
    private volatile Supplier<Optional<ServiceSnapshot>> snapshots = Optional::empty;

    /** @param syscallFailures how often each way of failing was met since the service started; any thread */
    public Metrics(String version, Supplier<Map<SyscallErrorCounts.Failure, Long>> syscallFailures) {
        this.counters = new MetricCounters(version, syscallFailures);
        this.exposition = new Exposition(() -> MetricFamilies.of(counters, snapshots.get()));
    }

    /** What all scans have done since the start. */
    public ScanTotals scanTotals() {
        return counters.scanTotals;
    }

    /** From now on their statuses are shown too. */
    public void show(ServiceParts subjects) {
        show(() -> ServiceSnapshot.of(subjects));
    }

    public void show(Supplier<ServiceSnapshot> source) {
        snapshots = () -> Optional.of(source.get());
    }

    /**
     * Writes all metrics as they are now.
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

    /** Ends Micrometer's listening to the collector of garbage. Counting goes on, for whoever still tells. */
    @Override
    public void close() {
        exposition.close();
    }
}
