// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.metrics;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.telemetry.ProcessFigures;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Micrometer's registry, created by the first scrape, with the metrics of Millrace, the JVM and the process. Any
 * thread; {@link Metrics} closes it.
 */
public final class Exposition implements AutoCloseable {
    static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    /** The names that the other Prometheus client libraries use for these metrics. */
    private static final Map<String, String> USUAL_NAMES =
            Map.of("process.files.open", "process.open.fds", "process.files.max", "process.max.fds");

    private final MultiCollector families;
    private @Nullable PrometheusMeterRegistry registry;
    private @Nullable JvmGcMetrics garbage;

    Exposition(MultiCollector families) {
        this.families = families;
    }

    /** Returns the content type for a request with this Accept header. */
    public static String contentType(String accept) {
        return accept.toLowerCase(Locale.ROOT).contains("application/openmetrics-text") ? OPEN_METRICS : TEXT;
    }

    void write(String accept, OutputStream out) throws IOException {
        registry().scrape(out, contentType(accept));
    }

    private synchronized PrometheusMeterRegistry registry() {
        if (registry == null) {
            var collectors = new PrometheusRegistry();
            collectors.register(families);
            var made = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, collectors, Clock.SYSTEM);
            made.config().meterFilter(usualNames());
            made.config().meterFilter(MeterFilter.deny(Exposition::isUnwanted));
            garbage = bind(made);
            registry = made;
        }
        return registry;
    }

    private static JvmGcMetrics bind(PrometheusMeterRegistry registry) {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        FunctionCounter.builder("process.cpu", ProcessFigures.INSTANCE, ProcessFigures::cpuSeconds)
                .baseUnit("seconds")
                .description("Processor time used by the process, its children not included")
                .register(registry);
        Gauge.builder("process.resident.memory", ProcessFigures.INSTANCE, ProcessFigures::residentBytes)
                .baseUnit("bytes")
                .description("Memory of the process that is resident")
                .register(registry);
        var garbage = new JvmGcMetrics();
        garbage.bindTo(registry);
        return garbage;
    }

    private static MeterFilter usualNames() {
        return new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                String name = USUAL_NAMES.get(id.getName());
                return name == null ? id : id.withName(name).withBaseUnit(null);
            }
        };
    }

    /**
     * Omits metrics of the machine, which node_exporter provides, and times in nanoseconds, which is not a base unit.
     */
    private static boolean isUnwanted(Meter.Id id) {
        return id.getName().startsWith("system.") || id.getName().equals("process.cpu.time");
    }

    @Override
    public synchronized void close() {
        if (garbage != null) {
            garbage.close();
        }
        if (registry != null) {
            registry.close();
        }
        garbage = null;
        registry = null;
    }
}
