// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.metrics;

import io.millrace.posix.libc.SyscallErrorCounts;
import io.millrace.scan.FileResult;
import io.millrace.scan.job.ScanState;
import io.millrace.telemetry.ScanTotals;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** The counters of events. Any thread. */
final class MetricCounters {
    /** The outcome of a file; an earlier constant takes precedence over a later one. */
    enum FileOutcome {
        FAILED,
        CHANGED,
        WORKER_FAILED,
        GOOD;

        static FileOutcome of(FileResult result) {
            if (result.error().isPresent()) {
                return FAILED;
            }
            if (result.change().isPresent()) {
                return CHANGED;
            }
            return result.isDoneByAll() ? GOOD : WORKER_FAILED;
        }
    }

    final LatencyHistogram reads = new LatencyHistogram(
            micros(100),
            micros(250),
            micros(500),
            micros(1_000),
            micros(2_500),
            micros(5_000),
            micros(10_000),
            micros(25_000),
            micros(50_000),
            micros(100_000),
            micros(250_000),
            micros(500_000),
            micros(1_000_000),
            micros(2_500_000),
            micros(10_000_000));
    final LatencyHistogram reservations = new LatencyHistogram(
            micros(1_000),
            micros(5_000),
            micros(25_000),
            micros(100_000),
            micros(500_000),
            micros(2_000_000),
            micros(10_000_000),
            micros(60_000_000));
    final Map<FileOutcome, LongAdder> files = Map.of(
            FileOutcome.FAILED, new LongAdder(),
            FileOutcome.CHANGED, new LongAdder(),
            FileOutcome.WORKER_FAILED, new LongAdder(),
            FileOutcome.GOOD, new LongAdder());
    final Map<ScanState, LongAdder> endedScans = Map.of(
            ScanState.FINISHED, new LongAdder(),
            ScanState.CANCELLED, new LongAdder(),
            ScanState.FAILED, new LongAdder());
    final LongAdder reservedBytes = new LongAdder();
    final Map<Restart, LongAdder> restarts = new ConcurrentHashMap<>();
    final ScanTotals scanTotals = new ScanTotals();
    final String version;
    final Supplier<Map<SyscallErrorCounts.Failure, Long>> syscallFailures;

    MetricCounters(String version, Supplier<Map<SyscallErrorCounts.Failure, Long>> syscallFailures) {
        this.version = version;
        this.syscallFailures = syscallFailures;
    }

    static <K> LongAdder adder(Map<K, LongAdder> adders, K key) {
        LongAdder adder = adders.get(key);
        if (adder == null) {
            throw new IllegalArgumentException("nothing counts " + key);
        }
        return adder;
    }

    private static Duration micros(long count) {
        return Duration.ofNanos(count * 1_000);
    }
}
