// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.metrics;

import io.millrace.prealloc.pool.PoolState;
import io.millrace.prealloc.pool.PoolStatus;
import io.millrace.scan.schedule.SourceStatus;
import io.millrace.telemetry.DisplayFormat;
import io.millrace.telemetry.ServiceSnapshot;
import io.millrace.worker.WorkerOutcome;
import io.millrace.worker.WorkerStatus;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * All metric families of Millrace for one scrape. Series of a pool, a source or a worker are created from the current
 * statuses, so that they end when a reload removes it.
 */
final class MetricFamilies {
    private final MetricSnapshots.Builder all = MetricSnapshots.builder();
    private final MetricCounters metrics;

    private MetricFamilies(MetricCounters metrics) {
        this.metrics = metrics;
    }

    static MetricSnapshots of(MetricCounters metrics, Optional<ServiceSnapshot> snapshot) {
        var families = new MetricFamilies(metrics);
        families.counted();
        snapshot.ifPresent(families::observed);
        return families.all.build();
    }

    private void counted() {
        var version = InfoDataPointSnapshot.builder().labels(Labels.of("version", metrics.version));
        all.metricSnapshot(InfoSnapshot.builder()
                .name("millrace_build")
                .help("Which Millrace this is")
                .dataPoint(version.build())
                .build());
        all.metricSnapshot(metrics.reads.snapshot("millrace_read_seconds", "How long reads of file data took"));
        all.metricSnapshot(metrics.reservations.snapshot(
                "millrace_prealloc_seconds", "How long it took until a file was reserved, durable and in its place"));
        var files = MetricFamily.counter("millrace_scan_files", "Files that scans finished, by what became of them");
        new TreeMap<>(metrics.files)
                .forEach((outcome, count) -> files.add(count.sum(), "outcome", DisplayFormat.label(outcome)));
        files.addTo(all);
        var scans = MetricFamily.counter("millrace_scans_ended", "Scans that are over, by how they ended");
        new TreeMap<>(metrics.endedScans)
                .forEach((state, count) -> scans.add(count.sum(), "outcome", DisplayFormat.label(state)));
        scans.addTo(all);
        MetricFamily.counter("millrace_prealloc_reserved_bytes", "Bytes that were reserved in files")
                .add(metrics.reservedBytes.sum())
                .addTo(all);
        var failures = MetricFamily.counter("millrace_syscall_errors", "System calls that failed, by call and errno");
        metrics.syscallFailures
                .get()
                .forEach((failure, count) -> failures.add(
                        count, "call", failure.call(), "errno", failure.errno().name()));
        failures.addTo(all);
    }

    private void observed(ServiceSnapshot now) {
        scans(now);
        pools(now.pools());
        sources(now.sources());
        workers(now.workers());
    }

    private void scans(ServiceSnapshot now) {
        MetricFamily.gauge("millrace_scans_active", "Scans under way, paused ones included")
                .add(now.activeScans().size())
                .addTo(all);
        var done = metrics.scanTotals.sample(now.scans());
        var effect = done.effect();
        MetricFamily.counter("millrace_scan_read_bytes", "Bytes that scans read, or knew to be zeros in holes")
                .add(done.bytes())
                .addTo(all);
        MetricFamily.counter(
                        "millrace_scan_device_bytes",
                        "Bytes that scans read and that were not known to be in the page cache, counted as they are read")
                .add(done.deviceBytes())
                .addTo(all);
        MetricFamily.counter(
                        "millrace_scan_file_bytes",
                        "Bytes that scans read from the page cache or the device, without holes, counted as they are read")
                .add(done.readBytes())
                .addTo(all);
        MetricFamily.counter("millrace_scan_yield_seconds", "Time in which scans made way for the I/O of others")
                .add(done.yielded().toNanos() / 1e9)
                .addTo(all);
        double stalled = now.scans().stream()
                .mapToDouble(scan -> scan.stalled().toNanos() / 1e9)
                .max()
                .orElse(0);
        MetricFamily.gauge(
                        "millrace_scan_stalled_seconds",
                        "For how long a scan has waited for a call into the kernel without a reply, the longest; 0 for none")
                .add(stalled)
                .addTo(all);
        MetricFamily.counter("millrace_cache_read_bytes", "Bytes of finished files, by the strategy that read them")
                .add(effect.dontCacheBytes(), "strategy", "dontcache")
                .add(effect.dropBehindBytes(), "strategy", "drop-behind")
                .add(effect.plainBytes(), "strategy", "plain")
                .addTo(all);
        MetricFamily.counter(
                        "millrace_cache_released_bytes", "Page cache that scans asked the kernel to drop behind them")
                .add(effect.releasedBytes())
                .addTo(all);
        MetricFamily.counter("millrace_cache_left_bytes", "Page cache that was cold before a scan and stayed behind it")
                .add(effect.leftBytes())
                .addTo(all);
    }

    private void pools(List<PoolStatus> pools) {
        var ready = MetricFamily.gauge("millrace_pool_ready_files", "Files of a pool that may be claimed");
        var target = MetricFamily.gauge("millrace_pool_target_files", "Files that a pool is to keep ready");
        var claims = MetricFamily.counter("millrace_pool_claims", "Files that were taken from a pool, by whomever");
        var state =
                MetricFamily.gauge("millrace_pool_state", "1 for the state in which a pool is now, 0 for the others");
        var space = MetricFamily.gauge(
                "millrace_pool_space_seconds",
                "Time until free space above the reserve ends at the present rate of claims");
        var free = MetricFamily.gauge("millrace_pool_free_bytes", "Free space of the file system that a pool is on");
        var reserve = MetricFamily.gauge(
                "millrace_pool_reserve_bytes", "Free space there that filling the pool leaves alone");
        for (PoolStatus pool : pools) {
            String name = pool.spec().name();
            ready.add(pool.ready(), "pool", name);
            target.add(pool.spec().ready(), "pool", name);
            claims.add(pool.claims(), "pool", name);
            for (PoolState any : PoolState.values()) {
                state.add(any == pool.state() ? 1 : 0, "pool", name, "state", DisplayFormat.label(any));
            }
            pool.freeBytes().ifPresent(bytes -> free.add(bytes, "pool", name));
            pool.reserveBytes().ifPresent(bytes -> reserve.add(bytes, "pool", name));
            pool.secondsOfSpace().ifPresent(seconds -> space.add(seconds, "pool", name));
        }
        all(ready, target, claims, state, space, free, reserve);
    }

    private void sources(List<SourceStatus> sources) {
        var good = MetricFamily.gauge(
                "millrace_source_last_success_timestamp_seconds",
                "When a run of a source last ended with every file read and every worker content; 0 for never");
        var problem = MetricFamily.gauge(
                "millrace_source_failing", "1 where the last run of a source ended badly or could not begin");
        var duration =
                MetricFamily.gauge("millrace_source_last_duration_seconds", "How long the last run of a source took");
        var files = MetricFamily.gauge("millrace_source_last_files", "Files of the last run of a source, well or not");
        var bytes = MetricFamily.gauge("millrace_source_last_bytes", "Bytes of the last run of a source");
        var hot = MetricFamily.gauge(
                "millrace_source_last_hot_bytes",
                "Bytes in the page cache before the last run of a source reached them, and of these those after it");
        for (SourceStatus source : sources) {
            String name = source.spec().name();
            good.add(source.lastGood().map(MetricFamilies::seconds).orElse(0.0), "source", name);
            source.lastRun().ifPresent(run -> {
                duration.add(run.seconds(), "source", name);
                files.add(run.files(), "source", name);
                bytes.add(run.bytes(), "source", name);
                hot.add(run.hotBeforeBytes(), "source", name, "when", "before");
                hot.add(run.hotAfterBytes(), "source", name, "when", "after");
            });
            problem.add(source.lastProblem().isPresent() ? 1 : 0, "source", name);
        }
        all(good, problem, duration, files, bytes, hot);
    }

    private void workers(List<WorkerStatus> workers) {
        var processes = MetricFamily.gauge("millrace_worker_processes", "Processes of a worker that run now");
        var fed = MetricFamily.counter("millrace_worker_fed_bytes", "Bytes that were given to a worker's processes");
        var quarantined = MetricFamily.gauge("millrace_worker_quarantined", "1 while a worker is quarantined");
        var files = MetricFamily.counter("millrace_worker_files", "Files of a worker, by what became of them there");
        for (WorkerStatus worker : workers) {
            String name = worker.spec().name();
            processes.add(worker.processes(), "worker", name);
            fed.add(worker.fedBytes(), "worker", name);
            for (WorkerOutcome.Kind kind : WorkerOutcome.Kind.values()) {
                files.add(worker.files().getOrDefault(kind, 0L), "worker", name, "outcome", kind.label());
            }
            quarantined.add(worker.quarantined() ? 1 : 0, "worker", name);
        }
        var restarts =
                MetricFamily.counter("millrace_worker_restarts", "Processes of a worker that had to be replaced");
        Set<String> names = workers.stream().map(worker -> worker.spec().name()).collect(Collectors.toSet());
        metrics.restarts.forEach((restart, count) -> {
            if (names.contains(restart.worker())) {
                restarts.add(count.sum(), "worker", restart.worker(), "reason", restart.reason());
            }
        });
        all(processes, fed, quarantined, files, restarts);
    }

    private void all(MetricFamily... families) {
        for (MetricFamily family : families) {
            family.addTo(all);
        }
    }

    private static double seconds(Instant at) {
        return at.toEpochMilli() / 1e3;
    }
}
