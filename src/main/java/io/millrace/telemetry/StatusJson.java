// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.pagecache.CacheEffect;
import io.millrace.posix.libc.BytePath;
import io.millrace.prealloc.pool.PoolSpec;
import io.millrace.prealloc.pool.PoolStatus;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.scan.job.LastRun;
import io.millrace.scan.job.ScanStatus;
import io.millrace.scan.schedule.Schedule;
import io.millrace.scan.schedule.SourceSpec;
import io.millrace.scan.schedule.SourceStatus;
import io.millrace.units.Durations;
import io.millrace.units.EnumLabels;
import io.millrace.units.Timestamps;
import io.millrace.worker.WorkerOutcome;
import io.millrace.worker.WorkerStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The state of the service as JSON, for {@code /status.json}, {@code /events} and {@code millrace ctl --json}. The
 * attributes of JMX have the same values, and the same names in camel case. Keys end with their unit; times are UTC to
 * the second; null means that a value is not known. Stateless; any thread.
 */
public final class StatusJson {
    /** Increases when a key is renamed or removed, or changes its meaning; new keys do not change it. */
    public static final int VERSION = 1;

    private static final double MILLIS_PER_SECOND = 1e3;

    static final String NEVER = "never";

    private StatusJson() {}

    /** Returns the whole state; {@code scans} has those that have not ended. */
    public static StatusObject document(ServiceSnapshot now, ScanTotals.Progress totals) {
        return typed("status", summary(now, totals))
                .with("scans", all(now.activeScans(), StatusJson::scan))
                .with("pools", all(now.pools(), StatusJson::pool))
                .with("sources", all(now.sources(), StatusJson::source))
                .with("workers", all(now.workers(), StatusJson::worker))
                .with("catalog", CatalogJson.catalog(now.catalog()));
    }

    /** Returns the same as {@link #document}, one object in each line: those of its lists, then the summary. */
    public static List<String> lines(ServiceSnapshot now, ScanTotals.Progress totals) {
        var lines = new ArrayList<String>();
        lines.addAll(lines("scan", all(now.activeScans(), StatusJson::scan)));
        lines.addAll(lines("pool", all(now.pools(), StatusJson::pool)));
        lines.addAll(lines("source", all(now.sources(), StatusJson::source)));
        lines.addAll(lines("worker", all(now.workers(), StatusJson::worker)));
        lines.addAll(lines("catalog", List.of(CatalogJson.catalog(now.catalog()))));
        lines.addAll(lines("summary", List.of(summary(now, totals))));
        return lines;
    }

    /** Returns one line for each object, which begins with its type. */
    public static List<String> lines(String type, List<StatusObject> objects) {
        return objects.stream().map(object -> typed(type, object).toString()).toList();
    }

    public static <T> List<StatusObject> all(List<T> statuses, Function<T, StatusObject> form) {
        return statuses.stream().map(form).toList();
    }

    private static StatusObject typed(String type, StatusObject object) {
        return new StatusObject().with("type", type).withAll(object);
    }

    private static StatusObject summary(ServiceSnapshot now, ScanTotals.Progress totals) {
        List<ScanStatus> active = now.activeScans();
        return new StatusObject()
                .with("version", VERSION)
                .with("at", Timestamps.utc(now.at()))
                .with("service", service(now))
                .with(
                        "bytes_per_second",
                        Math.round(active.stream()
                                .mapToDouble(ScanStatus::bytesPerSecond)
                                .sum()))
                .with(
                        "device_bytes_per_second",
                        Math.round(active.stream()
                                .mapToDouble(scan -> scan.read().deviceBytesPerSecond())
                                .sum()))
                .with("read_bytes", totals.readBytes())
                .with("device_bytes", totals.deviceBytes())
                .with("cache", cache(totals.effect()))
                .with("problems", all(HealthProblem.of(now), StatusJson::problem));
    }

    private static StatusObject service(ServiceSnapshot now) {
        ServiceSnapshot.Service service = now.service();
        return new StatusObject()
                .with("version", service.version())
                .with("started", Timestamps.utc(service.started()))
                .with("ready", now.notReady().isEmpty())
                .with("status_line", service.sentence())
                .with("configuration", service.configuration())
                .with("results_directory", service.resultsDirectory());
    }

    private static StatusObject cache(CacheEffect effect) {
        return new StatusObject()
                .with("released_bytes", effect.releasedBytes())
                .with("left_bytes", effect.leftBytes())
                .with("hot_before_bytes", effect.hotBeforeBytes())
                .with("hot_after_bytes", effect.hotAfterBytes());
    }

    public static StatusObject problem(HealthProblem problem) {
        return new StatusObject()
                .with("kind", problem.kind())
                .with("name", problem.name())
                .with("text", problem.text());
    }

    public static StatusObject scan(ScanStatus scan) {
        CacheEffect effect = scan.effect();
        return new StatusObject()
                .with("id", scan.id())
                .with("source", scan.source().orElse(null))
                .with("state", EnumLabels.of(scan.state()))
                .with("started", Timestamps.utc(scan.started()))
                .with("ended", time(scan.ended()))
                .with("files", scan.files())
                .with("failed", scan.failed())
                .with("changed", scan.changed())
                .with("workers_failed", scan.workersFailed())
                .with("bytes", scan.bytes())
                .with("total_bytes", number(scan.totalBytes()))
                .with("read_bytes", scan.read().bytes())
                .with("device_bytes", scan.read().deviceBytes())
                .with("bytes_per_second", Math.round(scan.bytesPerSecond()))
                .with("device_bytes_per_second", Math.round(scan.read().deviceBytesPerSecond()))
                .with("rate_limit_bytes_per_second", scan.rateBytesPerSecond())
                .with("yielded_seconds", seconds(scan.yielded()))
                .with("stalled_seconds", seconds(scan.stalled()))
                .with("reading", scan.reading())
                .with("hole_bytes", effect.holeBytes())
                .with("hot_before_bytes", effect.hotBeforeBytes())
                .with("hot_after_bytes", effect.hotAfterBytes())
                .with("left_bytes", effect.leftBytes())
                .with("released_bytes", effect.releasedBytes())
                .with("residency_unknown_bytes", effect.unknownBytes())
                .with("error", scan.error().orElse(null));
    }

    public static StatusObject pool(PoolStatus pool) {
        PoolSpec spec = pool.spec();
        return new StatusObject()
                .with("name", spec.name())
                .with("directory", spec.directory().display())
                .with("state", EnumLabels.of(pool.state()))
                .with("reason", pool.reason().orElse(null))
                .with("file_bytes", spec.fileBytes())
                .with("ready_files", pool.ready())
                .with("target_files", spec.ready())
                .with("claims", pool.claims())
                .with("claims_per_second", pool.claimsPerSecond())
                .with("reserved_bytes", pool.reservedBytes())
                .with("free_bytes", number(pool.freeBytes()))
                .with("reserve_bytes", number(pool.reserveBytes()))
                .with(
                        "space_seconds",
                        pool.secondsOfSpace().isPresent()
                                ? Math.round(pool.secondsOfSpace().getAsDouble())
                                : null)
                .with("reserve", spec.reserve().toString())
                .with("fill", EnumLabels.of(spec.fill()))
                .with("permissions", String.format(Locale.ROOT, "%04o", spec.permissions()))
                .with("foreign_files", pool.strangers())
                .with("foreign_file_examples", pool.strangerWords());
    }

    public static StatusObject source(SourceStatus source) {
        SourceSpec spec = source.spec();
        var options = spec.what().options();
        return new StatusObject()
                .with("name", spec.name())
                .with(
                        "paths",
                        spec.what().paths().stream().map(BytePath::display).toList())
                .with("schedule", schedule(spec.schedule()))
                .with(
                        "digests",
                        options.digests().stream().map(DigestAlgorithm::label).toList())
                .with("workers", spec.what().workers())
                .with("cache_policy", EnumLabels.of(options.wish().policy()))
                .with("min_files", spec.minFiles())
                .with("catalog_use", EnumLabels.of(spec.what().recording().mode()))
                .with("active_scan", source.activeScan().orElse(null))
                .with("last_started", time(source.lastStarted()))
                .with("last_good", time(source.lastGood()))
                .with("next", time(source.next()))
                .with("failing", source.lastProblem().isPresent())
                .with("last_problem", source.lastProblem().orElse(null))
                .with("last_run", source.lastRun().map(StatusJson::lastRun).orElse(null));
    }

    /** Returns {@code every 1d}, {@code cron 0 3 * * *}, {@code between 01:00-05:00}, {@code every 1d, between 01:00-05:00} or {@code never}. */
    public static String schedule(Schedule schedule) {
        if (schedule instanceof Schedule.Every every) {
            return "every " + Durations.format(every.period());
        }
        if (schedule instanceof Schedule.Nightly nightly) {
            return "between " + nightly.window();
        }
        if (schedule instanceof Schedule.Windowed windowed) {
            return schedule(windowed.due()) + ", between " + windowed.window();
        }
        return schedule instanceof Schedule.Cron cron ? "cron " + cron.expression() : NEVER;
    }

    private static StatusObject lastRun(LastRun run) {
        return new StatusObject()
                .with("ended", Timestamps.utc(run.ended()))
                .with("duration_seconds", run.seconds())
                .with("files", run.files())
                .with("failed", run.failed())
                .with("workers_failed", run.workersFailed())
                .with("bytes", run.bytes())
                .with("hot_before_bytes", run.hotBeforeBytes())
                .with("hot_after_bytes", run.hotAfterBytes())
                .with("problem", run.problem().orElse(null));
    }

    public static StatusObject worker(WorkerStatus worker) {
        Map<String, Long> files = new LinkedHashMap<>();
        for (WorkerOutcome.Kind kind : WorkerOutcome.Kind.values()) {
            files.put(kind.label(), worker.files().getOrDefault(kind, 0L));
        }
        return new StatusObject()
                .with("name", worker.spec().name())
                .with(
                        "command",
                        worker.spec().command().stream()
                                .map(word -> BytePath.display(BytePath.encode(word)))
                                .toList())
                .with("mode", EnumLabels.of(worker.spec().mode()))
                .with("max_processes", worker.spec().processes())
                .with("processes", worker.processes())
                .with("busy", worker.busy())
                .with("fed_bytes", worker.fedBytes())
                .with("restarts", worker.restarts())
                .with("quarantined", worker.quarantined())
                .with("last_reason", worker.lastReason().orElse(null))
                .with("last_reason_at", time(worker.lastReasonAt()))
                .with("failed_files", worker.failedFiles())
                .with("files", files);
    }

    private static @Nullable String time(Optional<Instant> at) {
        return at.map(Timestamps::utc).orElse(null);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / MILLIS_PER_SECOND;
    }

    private static @Nullable Long number(OptionalLong number) {
        return number.isPresent() ? number.getAsLong() : null;
    }
}
