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
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** HTTP and JMX, both open as configured. One thread at a time. */
final class Faces implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Faces.class);
    private static final AutoCloseable SHUT = () -> {};

    private final Face<HttpOptions> http;
    private final Face<JmxOptions> jmx;
    private volatile @Nullable JmxFace beans;

    /** Opens both, or none. */
    Faces(Configuration configuration, Subjects subjects, Metrics metrics, JmxEvents events, BooleanSupplier alive)
            throws IOException {
        BytePath runtimeDirectory = configuration.runtimeDirectory();
        http = new Face<>(
                options -> options.enabled() ? http(new HttpFace(options, subjects, metrics, alive)) : SHUT,
                configuration.http());
        try {
            jmx = new Face<>(
                    options -> jmx(options, JmxFace.open(options, subjects, events, runtimeDirectory)),
                    configuration.jmx());
        } catch (IOException | RuntimeException e) {
            http.close();
            throw e;
        }
    }

    /** The port is news where any was asked for. */
    private static HttpFace http(HttpFace face) {
        LOG.info(
                "http: listens on {}",
                new Listen(face.address().getAddress(), face.address().getPort()));
        return face;
    }

    private JmxFace jmx(JmxOptions options, JmxFace face) {
        LOG.info("jmx: listens on {}", new Listen(options.listen().address(), face.port()));
        beans = face;
        return face;
    }

    /** Makes both listen as this says, or leaves both as they were. */
    void apply(Configuration next) throws IOException {
        HttpOptions before = http.options();
        http.apply(next.http());
        try {
            jmx.apply(next.jmx());
        } catch (IOException e) {
            http.apply(before);
            throw e;
        }
    }

    /** Shows what there is by now, after the parts below have been told of a new configuration. */
    void refresh() {
        JmxFace now = beans;
        if (now != null) {
            now.refresh();
        }
    }

    @Override
    public void close() {
        http.close();
        jmx.close();
    }
}
