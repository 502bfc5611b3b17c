// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.scan.ScanStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

    /** Read once by the JDK's server, when its first class is loaded. The operator's own, by -D, win. */
    private static final Map<String, String> LIMITS = Map.of(
            "jdk.httpserver.maxConnections", "1024", // the next is refused until a silent one is closed
            "sun.net.httpserver.idleInterval", "10",
            "sun.net.httpserver.clockTick", "5000", // how often it looks for idle ones, in milliseconds
            "sun.net.httpserver.maxIdleConnections", "64",
            "sun.net.httpserver.maxReqHeaders", "100",
            "sun.net.httpserver.maxReqHeaderSize", "65536",
            "sun.net.httpserver.drainAmount", "65536",
            "sun.net.httpserver.nodelay", "true");

    static {
        LIMITS.forEach((property, value) -> {
            if (System.getProperty(property) == null) {
                System.setProperty(property, value);
            }
        });
    }

    private final Metrics metrics;
    private final BooleanSupplier alive;
    private final Pulse pulse;
    private final RequestThreads threads;
    private final EventStream events;
    private final HttpServer server;

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
        this.server = bind(options.listen());
        this.pulse = new Pulse(snapshots, scans, metrics.scanTotals);
        this.threads = new RequestThreads();
        this.events = new EventStream(pulse, threads);
        server.setExecutor(threads);
        server.createContext("/", new HttpGate(new HostNames(options.hosts()), this::route));
        server.start();
        pulse.start();
    }

    private static HttpServer bind(Listen listen) throws IOException {
        var address = new InetSocketAddress(listen.address(), listen.port());
        try {
            return HttpServer.create(address, BACKLOG);
        } catch (IOException e) {
            throw new IOException("http: cannot listen on " + words(address) + ": " + e.getMessage(), e);
        }
    }

    private static String words(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    /** Where it listens: the port that was found, where any was asked for. */
    public InetSocketAddress address() {
        return server.getAddress();
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
        threads.close(); // first: the server would wait for a lock that a blocked writer holds
        server.stop(0);
        try {
            threads.awaitEnd(END);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
