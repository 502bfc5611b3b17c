// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.metrics;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.function.Supplier;

/** One metric with its series, built for a scrape. A metric without series is announced too. */
final class MetricFamily {
    /** Receives one series. */
    private interface Points {
        void add(double value, Labels labels);
    }

    private final Points points;
    private final Supplier<MetricSnapshot> end;

    private MetricFamily(Points points, Supplier<MetricSnapshot> end) {
        this.points = points;
        this.end = end;
    }

    static MetricFamily gauge(String name, String help) {
        var family = GaugeSnapshot.builder().name(name).help(help);
        return new MetricFamily(
                (value, labels) -> family.dataPoint(GaugeDataPointSnapshot.builder()
                        .value(value)
                        .labels(labels)
                        .build()),
                family::build);
    }

    /** @param name without {@code _total} */
    static MetricFamily counter(String name, String help) {
        var family = CounterSnapshot.builder().name(name).help(help);
        return new MetricFamily(
                (value, labels) -> family.dataPoint(CounterDataPointSnapshot.builder()
                        .value(value)
                        .labels(labels)
                        .build()),
                family::build);
    }

    /** @param labels alternating names and values */
    @CanIgnoreReturnValue
    MetricFamily add(double value, String... labels) {
        points.add(value, Labels.of(labels));
        return this;
    }

    void addTo(MetricSnapshots.Builder all) {
        all.metricSnapshot(end.get());
    }
}
