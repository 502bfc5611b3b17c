// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import com.sun.net.httpserver.HttpExchange;
import io.millrace.scan.ScanStatus;
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
 * The HTTP face: shows, and steers nothing. {@code /} is the status page, {@code /events} the same as it changes, {@code
 * /metrics} for Prometheus, {@code /healthz} and {@code /readyz} for whoever watches over services. Serves from its
 * construction until {@link #close}, on threads of its own ({@code millrace-http-…}).
 */
public final class HttpFace implements AutoCloseable {
    private static final int BACKLOG = 128;
    private static final Duration END = Duration.ofMillis(800);

    private final Metrics metrics;
    private final BooleanSupplier alive;
    private final Pulse pulse;
    private final RequestThreads threads;
    private final EventStream events;
    private final HttpListener listener;

    /**
     * @param metrics shows these subjects already; stays the caller's
     * @param alive whether the service still does its work; any thread, at once
     * @throws IOException one line: the port is taken, the address is none of this machine's
     */
    public HttpFace(HttpOptions options, Subjects subjects, Metrics metrics, BooleanSupplier alive) throws IOException {
        this(options, () -> Snapshot.of(subjects), () -> subjects.scans().statuses(), metrics, alive);
    }

    HttpFace(
            HttpOptions options,
            Supplier<Snapshot> snapshots,
            Supplier<List<ScanStatus>> scans,
            Metrics metrics,
            BooleanSupplier alive)
            throws IOException {
        this.metrics = metrics;
        this.alive = alive;
        this.threads = new RequestThreads();
        this.listener = bind(options, threads);
        this.pulse = new Pulse(snapshots, scans, metrics.scanTotals);
        this.events = new EventStream(pulse, threads);
        listener.start();
        pulse.start();
    }

    private HttpListener bind(HttpOptions options, RequestThreads executor) throws IOException {
        Listen listen = options.listen();
        var address = new InetSocketAddress(listen.address(), listen.port());
        try {
            var gate = new HttpGate(new HostNames(options.hosts()), this::route);
            return HttpListener.open(address, BACKLOG, executor, gate);
        } catch (IOException e) {
            executor.close();
            throw listen.cannotBind("http.listen", e);
        }
    }

    /** Where it listens: the port that was found, where any was asked for. */
    public InetSocketAddress address() {
        return listener.address();
    }

    /** Who listens to events now. */
    int listeners() {
        return pulse.listeners();
    }

    private void route(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        switch (path == null ? "" : path) {
            case "/" -> page().send(exchange);
            case "/events" -> events.serve(exchange);
            case "/metrics" -> metrics(exchange).send(exchange);
            case "/healthz" -> health().send(exchange);
            case "/readyz" -> readiness().send(exchange);
            default ->
                PageFiles.find(path == null ? "" : path)
                        .orElse(Reply.text(Reply.NOT_FOUND, "nothing here; try / or /metrics"))
                        .send(exchange);
        }
    }

    private Reply page() {
        Pulse.Beat now = pulse.now();
        return Reply.ok(Reply.HTML, PageHtml.write(now).getBytes(StandardCharsets.UTF_8));
    }

    private Reply metrics(HttpExchange exchange) throws IOException {
        String accept = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Accept"))
                .orElse("");
        var body = new ByteArrayOutputStream();
        metrics.write(accept, body);
        return Reply.ok(Exposition.contentType(accept), body.toByteArray());
    }

    private Reply health() {
        return alive.getAsBoolean()
                ? Reply.text(Reply.OK, "ok")
                : Reply.text(Reply.UNAVAILABLE, "a scan or a pool stands still");
    }

    private Reply readiness() {
        List<String> missing = pulse.now().snapshot().notReady();
        return missing.isEmpty()
                ? Reply.text(Reply.OK, "ready")
                : Reply.text(Reply.UNAVAILABLE, String.join("\n", missing));
    }

    /** Ends every connection and thread, within a second. */
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
