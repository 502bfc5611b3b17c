// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.http;

import com.sun.net.httpserver.HttpExchange;
import io.millrace.scan.job.ScanStatus;
import io.millrace.telemetry.ListenAddress;
import io.millrace.telemetry.ServiceParts;
import io.millrace.telemetry.ServiceSnapshot;
import io.millrace.telemetry.SnapshotTicker;
import io.millrace.telemetry.StatusJson;
import io.millrace.telemetry.http.page.PageHtml;
import io.millrace.telemetry.metrics.Exposition;
import io.millrace.telemetry.metrics.Metrics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The read-only HTTP server: {@code /} is the status page, {@code /events} its live updates, {@code /status.json} the state once, {@code /metrics} is for
 * Prometheus, {@code /healthz} and {@code /readyz} are health checks. It serves from its construction until
 * {@link #close}, on its own threads ({@code millrace-http-…}).
 */
public final class StatusHttpServer implements AutoCloseable {
    private static final int BACKLOG = 128;
    private static final Duration END = Duration.ofMillis(800);

    private final Metrics metrics;
    private final BooleanSupplier alive;
    private final SnapshotTicker pulse;
    private final RequestThreads threads;
    private final EventStream events;
    private final HttpListener listener;

    /**
     * @param metrics already includes these subjects; the caller closes it
     * @param alive whether the service makes progress; called by any thread, must return at once
     * @throws IOException one line: the port is in use, or the address does not belong to this machine
     */
    public StatusHttpServer(HttpOptions options, ServiceParts subjects, Metrics metrics, BooleanSupplier alive)
            throws IOException {
        this(options, () -> ServiceSnapshot.of(subjects), () -> subjects.scans().statuses(), metrics, alive);
    }

    public StatusHttpServer(
            HttpOptions options,
            Supplier<ServiceSnapshot> snapshots,
            Supplier<List<ScanStatus>> scans,
            Metrics metrics,
            BooleanSupplier alive)
            throws IOException {
        this.metrics = metrics;
        this.alive = alive;
        this.threads = new RequestThreads();
        this.listener = bind(options, threads);
        this.pulse = new SnapshotTicker(snapshots, scans, metrics.scanTotals());
        this.events = new EventStream(pulse, threads);
        listener.start();
        pulse.start();
    }

    private HttpListener bind(HttpOptions options, RequestThreads executor) throws IOException {
        ListenAddress listen = options.listen();
        var address = new InetSocketAddress(listen.address(), listen.port());
        try {
            var gate = new HttpGate(new HostNames(options.hosts()), this::route);
            return HttpListener.open(address, BACKLOG, executor, gate);
        } catch (IOException e) {
            executor.close();
            throw listen.cannotBind("http.listen", e);
        }
    }

    /** Returns the bound address, with the actual port if the configured one is 0. */
    public InetSocketAddress address() {
        return listener.address();
    }

    /** Returns the number of subscribers of events. */
    int listeners() {
        return pulse.listeners();
    }

    private void route(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        switch (path == null ? "" : path) {
            case "/" -> page().send(exchange);
            case "/events" -> events.serve(exchange);
            case "/status.json" -> status().send(exchange);
            case "/metrics" -> metrics(exchange).send(exchange);
            case "/healthz" -> health().send(exchange);
            case "/readyz" -> readiness().send(exchange);
            default ->
                PageFiles.find(path == null ? "" : path)
                        .orElse(HttpReply.text(HttpReply.NOT_FOUND, "nothing here; try / or /metrics"))
                        .send(exchange);
        }
    }

    private HttpReply page() {
        SnapshotTicker.Beat now = pulse.now();
        return HttpReply.ok(HttpReply.HTML, PageHtml.write(now).getBytes(StandardCharsets.UTF_8));
    }

    private HttpReply status() {
        SnapshotTicker.Beat now = pulse.now();
        String json = StatusJson.document(now.snapshot(), now.done()) + "\n";
        return HttpReply.ok(HttpReply.JSON, json.getBytes(StandardCharsets.UTF_8));
    }

    private HttpReply metrics(HttpExchange exchange) throws IOException {
        String accept = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Accept"))
                .orElse("");
        var body = new ByteArrayOutputStream();
        metrics.write(accept, body);
        return HttpReply.ok(Exposition.contentType(accept), body.toByteArray());
    }

    private HttpReply health() {
        return alive.getAsBoolean()
                ? HttpReply.text(HttpReply.OK, "ok")
                : HttpReply.text(HttpReply.UNAVAILABLE, "a scan or a pool stands still");
    }

    private HttpReply readiness() {
        List<String> missing = pulse.now().snapshot().notReady();
        return missing.isEmpty()
                ? HttpReply.text(HttpReply.OK, "ready")
                : HttpReply.text(HttpReply.UNAVAILABLE, String.join("\n", missing));
    }

    /** Ends every connection and thread, within one second. */
    @Override
    public void close() {
        pulse.close();
        listener.close();
        threads.close();
        try {
            threads.awaitEnd(END);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
