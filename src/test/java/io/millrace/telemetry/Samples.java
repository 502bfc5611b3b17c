// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

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
import io.millrace.scan.digest.DigestAlgorithm;
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

/** Statuses made by hand in which every fact is there, as {@link StandIn} shows them. */
public final class Samples {
    static final Instant START = Instant.parse("2026-11-23T10:00:00.123456789Z");

    private Samples() {}

    public static ScanStatus scan(String id, ScanState state, String reading) {
        return scan(id, state, reading, 1, 3);
    }

    /** Over or not, with so many files that failed, and so many of which a worker made nothing. */
    public static ScanStatus scan(String id, ScanState state, String reading, int failed, int workersFailed) {
        return new ScanStatus(
                id,
                Optional.of("backups"),
                state,
                START,
                state.isOver() ? Optional.of(START.plusSeconds(90)) : Optional.empty(),
                12,
                failed,
                2,
                workersFailed,
                5L << 30,
                OptionalLong.of(20L << 30),
                new ReadFigures(5L << 30, 4L << 30, 210e6, 190e6, 210e6),
                200L << 20,
                Duration.ofMillis(2500),
                Duration.ZERO,
                List.of(reading),
                new CacheEffect(1, 2, 3, 4, 500, 499, 7, 800, 0),
                CachePolicy.NEUTRAL,
                Optional.empty());
    }

    public static PoolStatus pool(PoolState state, Optional<String> reason) {
        return pool("wal", state, reason);
    }

    public static PoolStatus pool(String name, PoolState state, Optional<String> reason) {
        var spec = new PoolSpec(
                name,
                BytePath.of("/srv/wal/ready"),
                64L << 20,
                8,
                new NamePattern("segment-%016x"),
                FillMode.RESERVE,
                0640,
                OptionalInt.empty(),
                OptionalInt.empty(),
                new Reserve(0, 10));
        return new PoolStatus(
                spec,
                state,
                5,
                42,
                1.5,
                reason,
                1L << 30,
                1,
                List.of("notes.txt: not ours"),
                OptionalLong.of(12L << 30),
                OptionalLong.of(5L << 30),
                OptionalDouble.of(7200));
    }

    public static WorkerStatus worker(String name) {
        var spec = new WorkerSpec(
                name,
                List.of("python3", "/etc/millrace/workers/index.py"),
                WorkerMode.PERSISTENT,
                2,
                SlowPolicy.BLOCK,
                WorkerSpec.ProcessSettings.DEFAULT,
                WorkerSpec.Limits.DEFAULT);
        return new WorkerStatus(
                spec,
                2,
                1,
                3L << 30,
                4,
                false,
                Optional.of("ended by SIGSEGV"),
                Optional.of(START),
                Map.of(WorkerOutcome.Kind.CRASHED, 3L));
    }

    public static SourceStatus source(String name) {
        var options = new ScanOptions(
                Set.of(DigestAlgorithm.SHA256),
                ReadPlan.Wish.of(CachePolicy.NEUTRAL),
                2,
                ScanOptions.DEFAULT_READ_BYTES,
                Optional.empty());
        var what = new ScanRequest(
                Optional.of(name),
                List.of(BytePath.of("/srv/backups")),
                Optional.empty(),
                FileFilter.ALL,
                FileOrder.DIRECTORY,
                options,
                List.of("index"),
                200L << 20,
                OptionalDouble.empty());
        var spec = new SourceSpec(name, what, new Schedule.Every(Duration.ofHours(24)), true, 1);
        return new SourceStatus(
                spec,
                Optional.of("backups-1"),
                Optional.of(START),
                Optional.empty(),
                Optional.of(START.plusSeconds(86_400)),
                Optional.empty(),
                Optional.of("2 files failed"));
    }
}
