// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.http;

import com.sun.net.httpserver.HttpExchange;
import io.millrace.telemetry.SnapshotTicker;
import io.millrace.telemetry.http.page.EventJson;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Serves {@code /events} as server-sent events, one snapshot per second for each subscriber. A subscriber that does not
 * read an event within {@link RequestThreads#PATIENCE} is disconnected, and misses events while it is slow.
 */
final class EventStream {
    static final int MAX_LISTENERS = 32;

    /** Comments are sent at this interval, so that a broken connection is detected while there are no events. */
    static final Duration HEARTBEAT = Duration.ofSeconds(10);

    private static final Duration WAIT = HEARTBEAT.plus(RequestThreads.PATIENCE);
    private static final int RETRY_SECONDS = 10;
    private static final byte[] GREETING = ascii("retry: 2000\n\n");
    private static final byte[] STILL_HERE = ascii(": still here\n\n");

    private final SnapshotTicker pulse;
    private final RequestThreads threads;
    private final AtomicInteger listeners = new AtomicInteger();

    EventStream(SnapshotTicker pulse, RequestThreads threads) {
        this.pulse = pulse;
        this.threads = threads;
    }

    void serve(HttpExchange exchange) throws IOException {
        if (listeners.incrementAndGet() > MAX_LISTENERS) {
            listeners.decrementAndGet();
            HttpReply.text(HttpReply.UNAVAILABLE, MAX_LISTENERS + " listeners are all that are served")
                    .with("Retry-After", Integer.toString(RETRY_SECONDS))
                    .send(exchange);
            return;
        }
        try {
            stream(exchange);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the service stops, or the subscriber is too slow
        } finally {
            listeners.decrementAndGet();
        }
    }

    private void stream(HttpExchange exchange) throws IOException, InterruptedException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(HttpReply.OK, -1);
            return;
        }
        exchange.sendResponseHeaders(HttpReply.OK, 0);
        OutputStream out = exchange.getResponseBody();
        pulse.join();
        try {
            send(out, GREETING);
            listen(out);
        } finally {
            pulse.leave();
        }
    }

    private void listen(OutputStream out) throws IOException, InterruptedException {
        long number = 0;
        while (!pulse.isClosed()) {
            threads.allow(WAIT);
            SnapshotTicker.Beat beat = pulse.after(number, HEARTBEAT.toMillis());
            if (beat == null) {
                send(out, STILL_HERE);
            } else {
                send(out, event(beat, number == 0));
                number = beat.number();
            }
        }
    }

    private void send(OutputStream out, byte[] bytes) throws IOException {
        threads.allow(RequestThreads.PATIENCE);
        out.write(bytes);
        out.flush();
    }

    /** @param whole whether to include the whole history, which a new subscriber needs */
    private static byte[] event(SnapshotTicker.Beat beat, boolean whole) throws IOException {
        String json = EventJson.write(beat, whole); // a single line, because JSON escapes line feeds
        return ("id: " + beat.number() + "\ndata: " + json + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
