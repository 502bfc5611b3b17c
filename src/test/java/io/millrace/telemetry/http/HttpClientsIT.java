// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonFactory;
import io.millrace.prealloc.pool.PoolState;
import io.millrace.scan.job.ScanState;
import io.millrace.telemetry.Answer;
import io.millrace.telemetry.ListenAddress;
import io.millrace.telemetry.Listener;
import io.millrace.telemetry.ServiceSnapshot;
import io.millrace.telemetry.Statuses;
import io.millrace.telemetry.metrics.Metrics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The HTTP face and clients that are slow, silent, many, or listen. */
class HttpClientsIT {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final Metrics metrics = new Metrics("0.1.0", Map::of);
    private final AtomicInteger asked = new AtomicInteger();
    private volatile ServiceSnapshot snapshot = Statuses.of(
            List.of(Statuses.pool("wal", PoolState.READY, 8, 8)),
            List.of(Statuses.scan("backups-1", ScanState.RUNNING, 1 << 30, List.of("/srv/<b>\u001b"))));
    private StatusHttpServer face;

    @BeforeEach
    void serve() throws IOException {
        metrics.show(() -> snapshot);
        face = new StatusHttpServer(
                new HttpOptions(new ListenAddress(LOOPBACK, 0), List.of()),
                this::take,
                () -> snapshot.scans(),
                metrics,
                () -> true);
    }

    private ServiceSnapshot take() {
        asked.incrementAndGet();
        return snapshot;
    }

    @AfterEach
    void end() {
        face.close();
        metrics.close();
    }

    @Test
    void aHundredHalfOpenClientsKeepNobodyFromTheMetrics() throws Exception {
        var clients = new ArrayList<Socket>();
        try {
            for (int i = 0; i < 100; i++) {
                clients.add(new Socket(LOOPBACK, face.address().getPort()));
                if (i % 2 == 1) {
                    send(clients.get(i), "GET /metrics HTTP/1.1\r\nHost: loc");
                }
            }
            assertThat(get("/metrics").status()).isEqualTo(200);
            for (int i = 1; i < 100; i += 2) { // a byte now and then does not buy time
                sendIfOpen(clients.get(i), "a");
            }
            assertThat(get("/metrics").status()).isEqualTo(200);
            Socket slow = clients.get(1);
            await().atMost(RequestThreads.PATIENCE.plusSeconds(60)).until(() -> isCutOff(slow));
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    @Test
    void thousandsThatSendNothingOrHalfARequestKeepNobodyOut() throws Exception {
        var clients = new ArrayList<Socket>();
        try {
            for (int i = 0; i < 2 * HttpListener.MAX_CONNECTIONS; i++) {
                clients.add(new Socket(LOOPBACK, face.address().getPort()));
                if (i % 3 == 0) {
                    sendIfOpen(clients.get(i), "GET / HT");
                }
                if (i % 500 == 0) {
                    assertThat(get("/healthz").status()).isEqualTo(200);
                }
            }
            for (String path : List.of("/healthz", "/readyz", "/metrics", "/")) {
                assertThat(get(path).status()).isEqualTo(200);
            }
            assertThat(threads()).hasSizeLessThan(30);
            await("the end of the one that waited longest").until(() -> isCutOff(clients.get(0)));
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    @Test
    void headsThatArriveInPartTakeLittleMemoryTogether() throws Exception {
        var clients = new ArrayList<Socket>();
        try {
            String part = "GET / HTTP/1.1\r\nX: " + "x".repeat(60 << 10);
            for (int i = 0; i < 2 * HttpListener.MAX_HELD_BYTES / part.length(); i++) {
                clients.add(new Socket(LOOPBACK, face.address().getPort()));
                sendIfOpen(clients.get(i), part);
            }
            assertThat(get("/healthz").status()).isEqualTo(200);
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                for (Socket client : clients) {
                    if (!isCutOff(client)) {
                        return false;
                    }
                }
                return true;
            });
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    @Test
    void tellsASnapshotASecondToThoseWhoListen() throws Exception {
        try (var listener = new Listener(face.address().getPort())) {
            assertThat(listener.line()).isEqualTo("retry: 2000");
            String first = listener.next("data: ");
            String second = listener.next("data: ");
            try (var json = new JsonFactory().createParser(first)) {
                while (json.nextToken() != null) {} // is JSON
            }
            assertThat(first)
                    .contains("\"id\":\"backups-1\"", "\"name\":\"wal\"")
                    .doesNotContain("\u001b");
            assertThat(first.length()).isGreaterThan(second.length() + 1000); // has the whole history
        }
    }

    @Test
    void makesNoEventWhenNobodyListens() throws Exception {
        try (var listener = new Listener(face.address().getPort())) {
            assertThat(listener.next("id: ")).isNotEmpty();
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> face.listeners() == 0);
        // more than two beats without one, if not at once, since one may be under way
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            int before = asked.get();
            Thread.sleep(2200); // that nothing happens shows only with time
            return asked.get() == before;
        });
    }

    @Test
    void listenersAreCountedAndTheNextIsToldToComeAgain() throws Exception {
        var listeners = new ArrayList<Listener>();
        try {
            for (int i = 0; i < EventStream.MAX_LISTENERS; i++) {
                listeners.add(new Listener(face.address().getPort()));
                assertThat(listeners.get(i).line()).isEqualTo("retry: 2000");
            }
            Answer answer = get("/events");
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("retry-after")).isEqualTo("10");
            assertThat(get("/metrics").status()).isEqualTo(200);
        } finally {
            for (Listener listener : listeners) {
                listener.close();
            }
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> face.listeners() == 0);
    }

    @Test
    void aListenerWhoDoesNotReadIsDropped() throws Exception {
        var rows = new ArrayList<String>();
        for (int i = 0; i < 300; i++) {
            rows.add("x".repeat(10_000)); // 3 MB an event: more than the sockets hold after a few
        }
        snapshot = Statuses.of(List.of(), List.of(Statuses.scan("big", ScanState.RUNNING, 1, rows)));
        try (var socket = new Socket(LOOPBACK, face.address().getPort())) {
            send(socket, "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
            await().atMost(Duration.ofSeconds(60)).until(() -> face.listeners() == 1);
            await().atMost(Duration.ofSeconds(60)).until(() -> face.listeners() == 0);
        }
        assertThat(get("/healthz").status()).isEqualTo(200);
    }

    @Test
    void oneAfterTheOtherNeedsFewThreads() throws Exception {
        for (int i = 0; i < 50; i++) {
            assertThat(get("/healthz").status()).isEqualTo(200);
        }
        assertThat(threads()).hasSizeLessThan(30); // a thread may not be back before the next request comes
    }

    @Test
    void closingEndsListenersHalfOpenClientsAndThreads() throws Exception {
        var half = new Socket(LOOPBACK, face.address().getPort());
        try (half;
                var listener = new Listener(face.address().getPort())) {
            send(half, "GET /met");
            assertThat(listener.line()).isEqualTo("retry: 2000");

            face.close();

            await().until(() -> isCutOff(half));
            await().atMost(Duration.ofSeconds(60)).until(() -> threads().isEmpty());
        }
        assertThatThrownBy(() -> new Socket(LOOPBACK, face.address().getPort())).isInstanceOf(IOException.class);
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("millrace-http"))
                .toList();
    }

    private static void send(Socket socket, String text) throws IOException {
        Answer.send(socket, text);
    }

    /** On a busy machine its time may be over already. */
    private static void sendIfOpen(Socket socket, String text) {
        try {
            send(socket, text);
        } catch (IOException e) {
            // cut off
        }
    }

    private static boolean isCutOff(Socket socket) throws IOException {
        socket.setSoTimeout(200);
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true; // reset
        }
    }

    private Answer get(String path) throws IOException {
        return Answer.to(
                "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                face.address().getPort());
    }
}
