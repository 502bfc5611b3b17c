// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.prealloc.pool.PoolState;
import io.millrace.scan.job.ScanState;
import io.millrace.telemetry.http.HttpOptions;
import io.millrace.telemetry.http.StatusHttpServer;
import io.millrace.telemetry.metrics.Metrics;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The HTTP face over real sockets. */
public class HttpIT {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final Metrics metrics = new Metrics("0.1.0", Map::of);
    private final AtomicBoolean alive = new AtomicBoolean(true);
    private volatile ServiceSnapshot snapshot = Statuses.of(
            List.of(Statuses.pool("wal", PoolState.READY, 8, 8)),
            List.of(Statuses.scan("backups-1", ScanState.RUNNING, 1 << 30, List.of("/srv/<b>\u001b"))));
    private StatusHttpServer face;

    @BeforeEach
    void serve() throws IOException {
        metrics.show(() -> snapshot);
        face = new StatusHttpServer(
                new HttpOptions(new ListenAddress(LOOPBACK, 0), List.of("db1.example")),
                this::take,
                () -> snapshot.scans(),
                metrics,
                alive::get);
    }

    private ServiceSnapshot take() {
        return snapshot;
    }

    @AfterEach
    void end() {
        face.close();
        metrics.close();
    }

    @Test
    void everyAnswerForbidsWhatABrowserNeedNotDo() throws IOException {
        for (String path :
                List.of("/", "/status.json", "/metrics", "/healthz", "/readyz", "/page/page.css", "/nothing")) {
            Answer answer = get(path);
            assertThat(answer.header("content-security-policy")).startsWith("default-src 'none'; script-src 'self'");
            assertThat(answer.header("x-content-type-options")).isEqualTo("nosniff");
            assertThat(answer.header("referrer-policy")).isEqualTo("no-referrer");
            assertThat(answer.header("cache-control")).isEqualTo("no-store");
            assertThat(answer.header("server")).isEmpty();
        }
    }

    @Test
    void theStateIsOneJsonDocument() throws IOException {
        Answer answer = get("/status.json");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-type")).isEqualTo("application/json; charset=utf-8");
        assertThat(answer.body())
                .isEqualTo(StatusJson.document(snapshot, metrics.scanTotals().sample(snapshot.scans())) + "\n")
                .startsWith("{\"type\":\"status\",\"version\":1,\"at\":\"2026-11-23T12:00:00Z\",\"service\":{")
                .contains("\"pools\":[" + StatusJson.pool(snapshot.pools().get(0)) + "]")
                .contains("\"scans\":[" + StatusJson.scan(snapshot.scans().get(0)) + "]")
                .contains("/srv/<b>\\u001B");
    }

    @Test
    void thePageIsWholeWithoutItsScript() throws IOException {
        Answer page = get("/");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body())
                .contains("No problems", "backups-1", "wal", "<noscript><meta http-equiv=\"refresh\"")
                .contains("/srv/&lt;b&gt;\ufffd")
                .doesNotContain("<b>")
                .doesNotContain("style=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/page/page.css", "/page/page.js", "/page/uPlot.iife.min.js", "/page/uPlot.min.css"})
    void whatThePageNamesIsThere(String path) throws IOException {
        assertThat(get("/").body()).contains("\"" + path + "\"");
        assertThat(get(path).status()).isEqualTo(200);
        assertThat(get(path).body()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/page/../Metrics.class",
                "/page/..%2fMetrics.class",
                "/page/%2e%2e/%2e%2e/Metrics.class",
                "/page/",
                "/page",
                "/../../../etc/passwd",
                "//etc/passwd",
                "/page/page.css/",
                "/page/page.css%00.js",
                "/metrics/",
                "/metricsx"
            })
    void noOtherPathLeadsAnywhere(String path) throws IOException {
        assertThat(get(path).status()).isIn(400, 404, 421);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "get", "CONNECT"})
    void onlyGetAndHeadAreServed(String method) throws IOException {
        Answer answer = ask(method + " / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc");

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("allow")).isEqualTo("GET, HEAD");
    }

    @Test
    void headSaysWhatGetWouldWithoutTheBody() throws IOException {
        for (String path : List.of("/", "/status.json", "/metrics", "/healthz", "/events")) {
            Answer answer = ask("HEAD " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertThat(answer.status()).as(path).isEqualTo(200);
            assertThat(answer.body()).as(path).isEmpty();
        }
        assertThat(ask("HEAD /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                        .header("content-length"))
                .isEqualTo("3");
    }

    @Test
    void requestsThatComeTogetherAreAnsweredOneAfterTheOther() throws IOException {
        String host = " HTTP/1.1\r\nHost: localhost\r\n";
        Answer answer = ask("HEAD /metrics" + host + "\r\nHEAD /events" + host + "\r\nGET /nothing" + host
                + "\r\nGET http://localhost:80/healthz" + host + "\r\nGET /readyz" + host
                + "Connection: close\r\n\r\n");

        assertThat(answer.whole().split("HTTP/1.1 ")).hasSize(6);
        assertThat(answer.whole())
                .contains("HTTP/1.1 404 ", "\r\n\r\nok\nHTTP/1.1 200 ")
                .endsWith("\r\n\r\nready\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost", "LOCALHOST:80", "127.0.0.1", "127.0.0.1:9847", "db1.example", "DB1.example.:8080"})
    void knowsItsNames(String host) throws IOException {
        assertThat(named(host).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "db1.example@evil",
                "localhost:80:80",
                "localhost:x",
                "[::1]",
                "127.0.0.2",
                "0"
            })
    void turnsAwayWhoAsksForSomebodyElse(String host) throws IOException {
        Answer answer = named(host);

        assertThat(answer.status()).isEqualTo(421);
        assertThat(answer.body()).doesNotContain("wal");
    }

    @Test
    void anAbsoluteTargetIsAskedForByNameToo() throws IOException {
        assertThat(ask("GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                        .status())
                .isEqualTo(421);
    }

    @Test
    void aRequestNeedsOneHost() throws IOException {
        assertThat(ask("GET / HTTP/1.1\r\nConnection: close\r\n\r\n").status()).isEqualTo(400);
        assertThat(ask("GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\n\r\n")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void saysWhatIsNotReady() throws IOException {
        assertThat(get("/readyz").status()).isEqualTo(200);

        snapshot = Statuses.of(
                List.of(Statuses.pool("wal", PoolState.STARVED, 3, 8), Statuses.pool("b", PoolState.FILLING, 0, 1)),
                List.of());

        Answer answer = get("/readyz");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body().lines())
                .containsExactly(
                        "pool wal: starved, 3 of 8 files: the reserve of 10% would be crossed: 12 GiB are free",
                        "pool b: filling, 0 of 1 files");
    }

    @Test
    void saysWhetherItIsAlive() throws IOException {
        assertThat(get("/healthz").body()).isEqualTo("ok\n");
        alive.set(false);
        assertThat(get("/healthz").status()).isEqualTo(503);
    }

    @Test
    void aStatusThatCannotBeHadIsAnAnswerToo() throws IOException {
        snapshot = null; // renders into a NullPointerException
        assertThat(get("/").status()).isEqualTo(500);
        assertThat(get("/metrics").status()).isEqualTo(500);
        assertThat(get("/healthz").status()).isEqualTo(200);
    }

    @Test
    void hugeAndManyHeadersEndTheConnectionAndNothingElse() throws IOException {
        String huge = "X: " + "x".repeat(1 << 20);
        String many = "X: y\r\n".repeat(5000).strip();
        for (String header : List.of(huge, many)) {
            Answer answer = ask("GET /metrics HTTP/1.1\r\nHost: localhost\r\n" + header + "\r\n\r\n");
            assertThat(answer.status()).isNotEqualTo(200);
        }
        assertThat(ask("GET /" + "a".repeat(1 << 20) + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .status())
                .isNotEqualTo(200);
        assertThat(get("/metrics").status()).isEqualTo(200);
    }

    @Test
    void garbageBehindARequestEndsTheConnectionAndNothingElse() throws IOException {
        String good = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
        Answer first = ask(good + "\u0000\u0001garbage\r\n\r\n" + good);
        assertThat(first.status()).isEqualTo(200);
        assertThat(ask("\r\n\r\n\r\nGET\r\n\r\n").status()).isNotEqualTo(200);
        assertThat(get("/healthz").status()).isEqualTo(200);
    }

    @Test
    void aTakenPortIsOneLine() {
        int taken = face.address().getPort();
        assertThatThrownBy(() -> new StatusHttpServer(
                        new HttpOptions(new ListenAddress(LOOPBACK, taken), List.of()),
                        this::take,
                        List::of,
                        metrics,
                        () -> true))
                .isInstanceOf(IOException.class)
                .hasMessage("http.listen: 127.0.0.1:" + taken + ": bind: Address already in use (EADDRINUSE)");
    }

    private Answer get(String path) throws IOException {
        return ask("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    }

    private Answer named(String host) throws IOException {
        return ask("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
    }

    private Answer ask(String request) throws IOException {
        return Answer.to(request, face.address().getPort());
    }
}
