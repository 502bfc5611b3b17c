// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import io.millrace.daemon.config.Configuration;
import io.millrace.posix.libc.BytePath;
import io.millrace.telemetry.ListenAddress;
import io.millrace.telemetry.ServiceParts;
import io.millrace.telemetry.http.HttpOptions;
import io.millrace.telemetry.http.StatusHttpServer;
import io.millrace.telemetry.jmx.JmxServer;
import io.millrace.telemetry.jmx.access.JmxOptions;
import io.millrace.telemetry.jmx.beans.JmxEvents;
import io.millrace.telemetry.metrics.Metrics;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP and JMX endpoints, opened as configured. Any thread may call it; one thread at a time opens and applies.
 * {@link Service} closes it.
 */
final class Endpoints implements AutoCloseable {
    /** A client that requested a reload over JMX must receive the result even if the JMX address changed. */
    private static final Duration JMX_FAREWELL = Duration.ofSeconds(5);

    private final Endpoint<HttpOptions> http;
    private final Endpoint<JmxOptions> jmx;
    private volatile @Nullable JmxServer beans;

    /** Opens nothing yet. */
    Endpoints(Configuration first, ServiceParts subjects, Metrics metrics, JmxEvents events, BooleanSupplier alive) {
        BytePath runtimeDirectory = first.runtimeDirectory();
        http = new Endpoint<>(
                "http",
                options -> options.enabled()
                        ? toServer(new StatusHttpServer(options, subjects, metrics, alive))
                        : () -> {},
                first.http(),
                Duration.ZERO);
        jmx = new Endpoint<>(
                "jmx",
                options -> toServer(options, JmxServer.open(options, subjects, events, runtimeDirectory)),
                first.jmx(),
                JMX_FAREWELL);
    }

    private static Endpoint.Server toServer(StatusHttpServer server) {
        var at = new ListenAddress(
                server.address().getAddress(), server.address().getPort());
        return toServer(at, server);
    }

    private Endpoint.Server toServer(JmxOptions options, JmxServer server) {
        beans = server;
        return toServer(new ListenAddress(options.listen().address(), server.port()), server);
    }

    private static Endpoint.Server toServer(ListenAddress at, AutoCloseable server) {
        return new Endpoint.Server() {
            @Override
            public Optional<ListenAddress> at() {
                return Optional.of(at);
            }

            @Override
            public void close() throws Exception {
                server.close();
            }
        };
    }

    /** Opens both endpoints; if this fails, {@link #close} closes the one that is open. */
    void open() throws IOException {
        http.open();
        jmx.open();
        announce();
    }

    /** Applies {@code next} to both endpoints, or leaves both unchanged. */
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

    /** Updates what the endpoints show, after a new configuration was applied to the other parts. */
    void refresh() {
        JmxServer now = beans;
        if (now != null) {
            now.refresh();
        }
    }

    /** Calls {@link Endpoint#settle} on both. */
    void settle() {
        http.settle();
        jmx.settle();
    }

    /** Returns whether {@link Endpoint#isSettled} holds for both. */
    boolean areSettled() {
        return http.isSettled() && jmx.isSettled();
    }

    /** Returns which of them does not listen, and why. */
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
