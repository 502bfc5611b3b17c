// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/**
 * A histogram of durations, with fixed bucket bounds. Any thread; lock-free and without allocation, because every read
 * of every scan is recorded here.
 */
final class LatencyHistogram {
    private static final double NANOS_PER_SECOND = 1e9;

    private final long[] upperNanos;
    private final LongAdder[] counts;
    private final LongAdder sumNanos = new LongAdder();

    /** @param upperBounds ascending; one more bucket holds longer durations */
    LatencyHistogram(Duration... upperBounds) {
        upperNanos = Arrays.stream(upperBounds).mapToLong(Duration::toNanos).toArray();
        counts = new LongAdder[upperNanos.length + 1];
        Arrays.setAll(counts, i -> new LongAdder());
    }

    void record(long nanos) {
        record(nanos, 1);
    }

    void record(long nanos, long times) {
        int bucket = 0;
        while (bucket < upperNanos.length && nanos > upperNanos[bucket]) {
            bucket++;
        }
        counts[bucket].add(times);
        sumNanos.add(nanos * times);
    }

    HistogramSnapshot snapshot(String name, String help) {
        var buckets = ClassicHistogramBuckets.builder();
        for (int i = 0; i < counts.length; i++) {
            double bound = i < upperNanos.length ? upperNanos[i] / NANOS_PER_SECOND : Double.POSITIVE_INFINITY;
            buckets.bucket(bound, counts[i].sum());
        }
        var point = HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(buckets.build())
                .sum(sumNanos.sum() / NANOS_PER_SECOND)
                .build();
        return HistogramSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(point)
                .build();
    }
}
