// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import io.millrace.posix.BytePath;
import io.millrace.telemetry.HttpFace;
import io.millrace.telemetry.HttpOptions;
import io.millrace.telemetry.JmxEvents;
import io.millrace.telemetry.JmxFace;
import io.millrace.telemetry.JmxOptions;
import io.millrace.telemetry.Listen;
import io.millrace.telemetry.Metrics;
import io.millrace.telemetry.Subjects;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** HTTP and JMX, both open as configured. Any thread; one at a time opens and applies. */
final class Faces implements AutoCloseable {
    /** Whoever asked for a reload over JMX is to hear what came of it, also where JMX has moved. */
    private static final Duration JMX_FAREWELL = Duration.ofSeconds(5);

    private final Face<HttpOptions> http;
    private final Face<JmxOptions> jmx;
    private volatile @Nullable JmxFace beans;

    /** Neither is open yet. */
    Faces(Configuration first, Subjects subjects, Metrics metrics, JmxEvents events, BooleanSupplier alive) {
        BytePath runtimeDirectory = first.runtimeDirectory();
        http = new Face<>(
                "http",
                options -> options.enabled() ? ear(new HttpFace(options, subjects, metrics, alive)) : () -> {},
                first.http(),
                Duration.ZERO);
        jmx = new Face<>(
                "jmx",
                options -> ear(options, JmxFace.open(options, subjects, events, runtimeDirectory)),
                first.jmx(),
                JMX_FAREWELL);
    }

    private static Face.Ear ear(HttpFace face) {
        var at = new Listen(face.address().getAddress(), face.address().getPort());
        return ear(at, face);
    }

    private Face.Ear ear(JmxOptions options, JmxFace face) {
        beans = face;
        return ear(new Listen(options.listen().address(), face.port()), face);
    }

    private static Face.Ear ear(Listen at, AutoCloseable face) {
        return new Face.Ear() {
            @Override
            public Optional<Listen> at() {
                return Optional.of(at);
            }

            @Override
            public void close() throws Exception {
                face.close();
            }
        };
    }

    /** Opens both; where that fails, {@link #close} ends what is open. */
    void open() throws IOException {
        http.open();
        jmx.open();
        announce();
    }

    /** Makes both listen as this says, or leaves both as they were. */
    void apply(Configuration next) throws IOException {
        HttpOptions before = http.options();
        http.apply(next.http());
        try {
            jmx.apply(next.jmx());
        } catch (IOException | RuntimeException e) {
            try {
                http.apply(before);
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        } finally {
            announce();
        }
    }

    private void announce() {
        http.announce();
        jmx.announce();
    }

    /** Shows what there is by now, after the parts below have been told of a new configuration. */
    void refresh() {
        JmxFace now = beans;
        if (now != null) {
            now.refresh();
        }
    }

    /** As {@link Face#settle}. */
    void settle() {
        http.settle();
        jmx.settle();
    }

    /** As {@link Face#isSettled}. */
    boolean areSettled() {
        return http.isSettled() && jmx.isSettled();
    }

    /** Which of them does not listen, and why. */
    List<String> troubles() {
        return Stream.of(http.trouble(), jmx.trouble())
                .flatMap(Optional::stream)
                .toList();
    }

    @Override
    public void close() {
        http.close();
        jmx.close();
    }
}
