// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.catalog.CatalogStats;
import io.millrace.catalog.coverage.CoveragePlan;
import io.millrace.catalog.record.Amount;
import io.millrace.pagecache.CacheEffect;
import io.millrace.pagecache.CachePolicy;
import io.millrace.pagecache.ReadPlan;
import io.millrace.posix.libc.BytePath;
import io.millrace.prealloc.FillMode;
import io.millrace.prealloc.Reserve;
import io.millrace.prealloc.pool.NamePattern;
import io.millrace.prealloc.pool.PoolSpec;
import io.millrace.prealloc.pool.PoolState;
import io.millrace.prealloc.pool.PoolStatus;
import io.millrace.scan.ReadFigures;
import io.millrace.scan.ScanOptions;
import io.millrace.scan.catalog.CatalogStatus;
import io.millrace.scan.catalog.CoverageSpec;
import io.millrace.scan.catalog.CoverageStatus;
import io.millrace.scan.catalog.DailyWindow;
import io.millrace.scan.job.LastRun;
import io.millrace.scan.job.ScanRequest;
import io.millrace.scan.job.ScanState;
import io.millrace.scan.job.ScanStatus;
import io.millrace.scan.schedule.Schedule;
import io.millrace.scan.schedule.SourceSpec;
import io.millrace.scan.schedule.SourceStatus;
import io.millrace.scan.walk.FileFilter;
import io.millrace.scan.walk.FileOrder;
import io.millrace.worker.SlowPolicy;
import io.millrace.worker.WorkerMode;
import io.millrace.worker.WorkerOutcome;
import io.millrace.worker.WorkerSpec;
import io.millrace.worker.WorkerStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;

/** Statuses made by hand. */
public final class Statuses {
    public static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    public static final ServiceSnapshot.Service SERVICE = service(List.of(), true);
    public static final ServiceSnapshot EMPTY =
            new ServiceSnapshot(NOW, SERVICE, List.of(), List.of(), List.of(), List.of());

    private Statuses() {}

    /** An open catalog of ten files, nine of which were verified on the device in the time promised of this source. */
    public static CatalogStatus catalog(String source) {
        var all = new Amount(10, 10 << 20);
        var kept = new Amount(9, 9 << 20);
        var bad = new Amount(1, 1 << 20);
        var summary = new CoveragePlan.Summary(kept, Amount.ZERO, Amount.ZERO, Amount.ZERO, Amount.ZERO, bad);
        var plan = new CoveragePlan(new CoveragePlan.Share(1, 0, 1), OptionalInt.empty(), "", summary);
        var spec = new CoverageSpec(Duration.ofDays(30), DailyWindow.WHOLE_DAY);
        long then = NOW.getEpochSecond() - 7200;
        return new CatalogStatus(
                CatalogStatus.State.OPEN,
                "/var/lib/millrace/catalog.db",
                Optional.empty(),
                Optional.of(
                        new CatalogStats(all, 10, 1, Map.of(), Amount.ZERO, kept, then, then, List.of(), 1, 1 << 20)),
                List.of(),
                1,
                0,
                List.of(new CoverageStatus(source, spec, plan, OptionalLong.of(then), all.bytes(), NOW)),
                Optional.of(NOW),
                Optional.empty(),
                List.of());
    }

    public static ServiceSnapshot.Service service(List<String> troubles, boolean ready) {
        return new ServiceSnapshot.Service(
                "0.1.0",
                NOW.minusSeconds(7200),
                "/etc/millrace/millrace.yaml",
                "/var/lib/millrace/results",
                "All is well.",
                troubles,
                ready);
    }

    public static PoolStatus pool(String name, PoolState state, int ready, int target) {
        var spec = new PoolSpec(
                name,
                BytePath.of("/srv/" + name + "/ready"),
                64 << 20,
                target,
                new NamePattern("segment-%016x"),
                FillMode.RESERVE,
                0640,
                OptionalInt.empty(),
                OptionalInt.empty(),
                Reserve.NONE);
        boolean starved = state == PoolState.STARVED;
        return new PoolStatus(
                spec,
                state,
                ready,
                1234,
                4.2,
                starved ? Optional.of("the reserve of 10% would be crossed: 12 GiB are free") : Optional.empty(),
                1L << 40,
                0,
                List.of(),
                OptionalLong.of(12L << 30),
                OptionalLong.of(5L << 30),
                OptionalDouble.of(starved ? 0 : 93_000));
    }

    public static ScanStatus scan(String id, ScanState state, long bytes, List<String> reading) {
        return new ScanStatus(
                id,
                Optional.of("backups"),
                state,
                NOW.minusSeconds(95),
                state.isOver() ? Optional.of(NOW) : Optional.empty(),
                1234,
                0,
                0,
                0,
                bytes,
                OptionalLong.of(8L << 30),
                new ReadFigures(bytes, bytes / 2, 412 << 20, 206 << 20, 412 << 20),
                0,
                Duration.ofSeconds(3),
                Duration.ZERO,
                reading,
                new CacheEffect(0, bytes, 0, 0, 0, 0, 0, bytes, 0),
                CachePolicy.NEUTRAL,
                Optional.empty());
    }

    public static SourceStatus source(String name, Optional<Instant> lastGood, Optional<String> problem) {
        var options = new ScanOptions(
                Set.of(),
                new ReadPlan.Wish(CachePolicy.NEUTRAL, Optional.empty(), CachePolicy.KEEP, false),
                1,
                ScanOptions.DEFAULT_READ_BYTES,
                Optional.empty());
        var request = new ScanRequest(
                Optional.of(name),
                List.of(BytePath.of("/srv/" + name)),
                Optional.empty(),
                FileFilter.ALL,
                FileOrder.NAME,
                options,
                List.of(),
                0,
                OptionalDouble.empty());
        var spec = new SourceSpec(name, request, new Schedule.Every(Duration.ofHours(24)), false, 1);
        return new SourceStatus(
                spec,
                Optional.empty(),
                lastGood,
                lastGood,
                Optional.of(NOW.plusSeconds(30_000)),
                lastGood.map(at -> new LastRun(
                        at, Duration.ofSeconds(13), 804, 0, 0, 371 << 20, 64 << 20, 32 << 20, Optional.empty())),
                problem);
    }

    public static WorkerStatus worker(String name, int processes, int busy, boolean quarantined) {
        var spec = new WorkerSpec(
                name,
                List.of("sha256sum"),
                WorkerMode.PERSISTENT,
                2,
                SlowPolicy.BLOCK,
                WorkerSpec.ProcessSettings.DEFAULT,
                WorkerSpec.Limits.DEFAULT);
        return new WorkerStatus(
                spec,
                processes,
                busy,
                5L << 30,
                2,
                quarantined,
                Optional.of("crashed: signal 11"),
                Optional.of(NOW),
                Map.of(WorkerOutcome.Kind.CRASHED, 3L));
    }

    /** So many pools and as many sources, all well. */
    public static ServiceSnapshot many(int count) {
        var numbers = IntStream.range(0, count).boxed().toList();
        return new ServiceSnapshot(
                NOW,
                SERVICE,
                numbers.stream()
                        .map(i -> pool("pool-" + i, PoolState.READY, 8, 8))
                        .toList(),
                List.of(),
                numbers.stream()
                        .map(i -> source("source-" + i, Optional.of(NOW), Optional.empty()))
                        .toList(),
                List.of(worker("index", 2, 1, false)));
    }

    public static ServiceSnapshot of(List<PoolStatus> pools, List<ScanStatus> scans) {
        return new ServiceSnapshot(NOW, SERVICE, pools, scans, List.of(), List.of());
    }
}
