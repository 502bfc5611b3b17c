// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.http.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.pagecache.CacheEffect;
import io.millrace.telemetry.RateHistory;
import io.millrace.telemetry.ScanTotals;
import io.millrace.telemetry.ServiceSnapshot;
import io.millrace.telemetry.SnapshotTicker;
import io.millrace.telemetry.Statuses;
import io.millrace.telemetry.http.HttpReply;
import io.millrace.telemetry.http.PageFiles;
import io.millrace.testkit.Command;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page's script in a real browser, against a service that tells what it is to tell, and then nothing. */
class StatusPageScriptIT {
    @TempDir
    private Path directory;

    /** The document as the browser has it some seconds after it was loaded. */
    private String browsed(ServiceSnapshot first, String events) throws Exception {
        Command.assumeExists("chromium");
        String page = PageHtml.write(beat(first));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> answer(exchange, page, events));
        server.start();
        try {
            return Command.run(
                    "chromium",
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-dev-shm-usage",
                    "--user-data-dir=" + directory.resolve("profile"),
                    "--virtual-time-budget=4000",
                    "--dump-dom",
                    "http://127.0.0.1:" + server.getAddress().getPort() + "/");
        } finally {
            server.stop(0);
        }
    }

    private static void answer(HttpExchange exchange, String page, String events) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (path.equals("/")) {
            HttpReply.ok(HttpReply.HTML, page.getBytes(StandardCharsets.UTF_8)).send(exchange);
        } else if (path.equals("/events") && !events.isEmpty()) {
            HttpReply.ok("text/event-stream", events.getBytes(StandardCharsets.UTF_8))
                    .send(exchange);
        } else {
            PageFiles.find(path)
                    .orElse(HttpReply.text(HttpReply.UNAVAILABLE, "gone"))
                    .send(exchange);
        }
        exchange.close();
    }

    private static SnapshotTicker.Beat beat(ServiceSnapshot snapshot) {
        var history = new RateHistory();
        history.add(snapshot.at(), 0, 0, 0);
        return new SnapshotTicker.Beat(
                1, snapshot, new ScanTotals.Progress(1, 1, 1, Duration.ZERO, CacheEffect.NONE), history.view());
    }

    private static ServiceSnapshot failing(String problem) {
        return new ServiceSnapshot(
                Statuses.NOW,
                Statuses.SERVICE,
                List.of(),
                List.of(),
                List.of(
                        Statuses.source("logs", Optional.empty(), Optional.of(problem)),
                        Statuses.source("mail", Optional.of(Statuses.NOW.minusSeconds(300)), Optional.empty())),
                List.of());
    }

    @Test
    void aServiceThatDoesNotAnswerIsNotShownAsItWas() throws Exception {
        String document = browsed(Statuses.many(1), "");

        assertThat(document)
                .contains("<title>(!) Millrace on ", "href=\"" + PageHtml.LOST_ICON + "\"")
                .contains("<body class=\"lost\"", "class=\"headline lost\"")
                .containsPattern("No answer since \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d \\S+, \\d+ s ago")
                .as("ages grow by the browser's clock")
                .doesNotContain(">0 s ago<");
    }

    @Test
    void whatComesIsShownAsTheServerItselfWouldWriteIt() throws Exception {
        var next = failing("2 files failed");
        String event = "data: " + EventJson.write(beat(next), true) + "\n\n";
        String document = browsed(Statuses.many(5), event);

        assertThat(document)
                .contains("<li><a href=\"#sources-logs\">source logs is failing: 2 files failed</a></li>")
                .contains("id=\"sources-logs\"", "class=\"row-bad\"")
                .doesNotContain("source-4", "pool-4");
    }
}
