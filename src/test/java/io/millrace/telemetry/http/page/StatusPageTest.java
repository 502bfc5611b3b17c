// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.http.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import io.millrace.pagecache.CacheEffect;
import io.millrace.prealloc.pool.PoolState;
import io.millrace.scan.job.ScanState;
import io.millrace.telemetry.DisplayFormat;
import io.millrace.telemetry.RateHistory;
import io.millrace.telemetry.ScanTotals;
import io.millrace.telemetry.ServiceSnapshot;
import io.millrace.telemetry.SnapshotTicker;
import io.millrace.telemetry.Statuses;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the page says, whatever names and messages hold. */
class StatusPageTest {
    private static final String SCRIPT = "<img src=x onerror=alert(1)>";

    @Test
    void aNameThatIsMarkupStaysText() {
        String html = html(hostile(SCRIPT));

        assertThat(html).contains("&lt;img src=x onerror=alert(1)&gt;").doesNotContain("<img");
    }

    @Test
    void aNameCannotLeaveAnAttribute() {
        String html = html(hostile("\" onload=\"alert(1)' x='"));

        assertThat(html).contains("&quot; onload=&quot;alert(1)&#39;").doesNotContain("\" onload");
    }

    @Test
    void whatATerminalOrABrowserWouldActUponIsReplaced() {
        String html = html(hostile("a\u001b[31mb\u202ec\u0000d\u2028e\ud800f"));

        assertThat(html).contains("a\ufffd[31mb\ufffdc\ufffdd\ufffde\ufffdf");
    }

    @Test
    void staysWellFormedWhateverTheNames() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        String alphabet = "<>&\"'/=-! aé\u0000\u001b\u202e\n]";
        for (int round = 0; round < 200; round++) {
            var name = new StringBuilder();
            for (int i = 0; i < 12; i++) {
                name.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String html = html(hostile(name.toString()));
            // As many tags as with a harmless name: the words made none.
            assertThat(html.chars().filter(c -> c == '<').count())
                    .as("seed %d, name %s", seed, name)
                    .isEqualTo(html(hostile("harmless"))
                            .chars()
                            .filter(c -> c == '<')
                            .count());
        }
    }

    @Test
    void hasNoInlineScriptNorStyle() {
        String html = html(hostile("x"));

        assertThat(html)
                .doesNotContain("<style", "style=", "javascript:", "onclick")
                .doesNotContainPattern("<script(?! src=)");
        assertThat(html).doesNotContainPattern("(src|href)=\"(https?:)?//");
    }

    @Test
    void theEventIsOneLineOfJson() throws IOException {
        String event = EventJson.write(beat(hostile(SCRIPT + "\n\u001b")), true);

        assertThat(event).doesNotContain("\n", "\u001b");
        var texts = new ArrayList<String>();
        try (var json = new JsonFactory().createParser(event)) {
            while (json.nextToken() != null) {
                texts.add(String.valueOf(json.getValueAsString()));
            }
        }
        assertThat(texts).contains(SCRIPT + "\ufffd\ufffd"); // the page's words; markup is text in textContent
    }

    @Test
    void aRunningScanIsNeverAHundredPercentAndAFinishedOneHasNoBar() {
        var running = Statuses.scan("a", ScanState.RUNNING, (8L << 30) - 1, List.of());
        var finished = Statuses.scan("b", ScanState.FINISHED, 8L << 30, List.of());

        assertThat(html(Statuses.of(List.of(), List.of(running)))).contains(">99 %<", "<progress");
        assertThat(html(Statuses.of(List.of(), List.of(finished))))
                .contains("1,234 files, 8.00 GiB in 1 min 35 s at 412 MiB/s")
                .doesNotContain("<progress");
    }

    @Test
    void runningScansComeFirstAndEndedOnesOfASourceInItsRow() {
        var running = Statuses.scan("backups-2", ScanState.RUNNING, 1 << 20, List.of());
        var finished = Statuses.scan("backups-1", ScanState.FINISHED, 8L << 30, List.of());
        var source = Statuses.source("backups", Optional.of(Statuses.NOW.minusSeconds(60)), Optional.empty());
        String html = html(new ServiceSnapshot(
                Statuses.NOW, Statuses.SERVICE, List.of(), List.of(finished, running), List.of(source), List.of()));

        assertThat(html)
                .contains("804 files, 371 MiB in 13 s; cached 64.0 MiB before, 32.0 MiB of it after")
                .contains("every 1d", "/srv/backups")
                .contains("read only → /var/lib/millrace/results/backups.ndjson")
                .doesNotContain("id=\"ended-backups-1\"");
        assertThat(html.indexOf("id=\"scans\"")).isLessThan(html.indexOf("id=\"sources\""));
        assertThat(html.indexOf("id=\"workers\"")).isLessThan(html.indexOf("id=\"ended\""));
    }

    @Test
    void theBannerListsThreeProblemsAndLinksEachToItsRow() {
        var pools = List.of(
                Statuses.pool("one", PoolState.STARVED, 1, 8),
                Statuses.pool("two", PoolState.STARVED, 1, 8),
                Statuses.pool("fine", PoolState.READY, 8, 8));
        var sources = List.of(
                Statuses.source("logs", Optional.empty(), Optional.of("2 files failed")),
                Statuses.source("mail", Optional.empty(), Optional.of("3 files failed")));
        var workers = List.of(Statuses.worker("index", 0, 0, true));
        String html = html(new ServiceSnapshot(
                Statuses.NOW, Statuses.service(List.of(), false), pools, List.of(), sources, workers));

        assertThat(html)
                .contains(">5 problems<")
                .contains("<li><a href=\"#pools-one\">pool one is starved: the reserve of 10% would be crossed")
                .contains("<li><a href=\"#workers-index\">worker index is quarantined: crashed: signal 11</a></li>")
                .contains("<li><a href=\"#sources-logs\">and 2 more</a></li>")
                .contains("<tr id=\"sources-logs\"", "<tr id=\"pools-one\"", "<tr id=\"workers-index\"")
                .doesNotContain("All is well.");
        assertThat(html.split("<li>", -1)).hasSize(5);
    }

    @Test
    void theServiceItselfMayBeTheProblem() {
        var service = Statuses.service(List.of("jmx: 127.0.0.1:9848: bind: EADDRINUSE"), false);
        String html = html(new ServiceSnapshot(Statuses.NOW, service, List.of(), List.of(), List.of(), List.of()));

        assertThat(html).contains(">1 problem<", "<li>jmx: 127.0.0.1:9848: bind: EADDRINUSE</li>");
    }

    @Test
    void saysWhatIsWaitedForWhereNothingIsWrong() {
        assertThat(html(Statuses.many(3))).contains(">No problems<", "class=\"headline good\"");
        String filling = html(Statuses.of(List.of(Statuses.pool("wal", PoolState.FILLING, 3, 8)), List.of()));
        assertThat(filling).contains("class=\"headline warn\"", "#pools-wal\">pool wal is filling: 3 of 8 files<");
    }

    @Test
    void aPoolWithMoreThanItKeepsSaysSo() {
        assertThat(html(Statuses.of(List.of(Statuses.pool("wal", PoolState.READY, 16, 4)), List.of())))
                .contains(">4 (+12 surplus)<")
                .doesNotContain("16 of 4");
    }

    @Test
    void aPoolTellsFreeSpaceAndAWorkerItsFailuresAlsoAfterItsQuarantine() {
        assertThat(html(Statuses.many(1)))
                .contains("at the rate of the last claims; 12.0 GiB free, reserve 5.00 GiB")
                .contains(">Failed files<", "<span class=\"text bad\">3</span><small>crashed: signal 11, 0 s ago<");
    }

    @Test
    void agesHoldTheirMomentSoThatTheyGrowWithoutTheService() {
        var then = Statuses.NOW.minusSeconds(300);
        String html = html(new ServiceSnapshot(
                Statuses.NOW,
                Statuses.SERVICE,
                List.of(),
                List.of(),
                List.of(Statuses.source("logs", Optional.of(then), Optional.empty())),
                List.of()));

        assertThat(html).contains("data-since=\"" + then.getEpochSecond() + "\">5 min ago<");
    }

    @Test
    void saysHowThingsAreWithoutColours() {
        String html = html(new ServiceSnapshot(
                Statuses.NOW,
                Statuses.SERVICE,
                List.of(Statuses.pool("wal", PoolState.STARVED, 1, 8)),
                List.of(),
                List.of(Statuses.source("logs", Optional.empty(), Optional.of("/srv/logs: EACCES"))),
                List.of(Statuses.worker("index", 0, 0, true))));

        assertThat(html)
                .contains(
                        "starved", "the reserve of 10% would be crossed", "failing", "/srv/logs: EACCES", "quarantined")
                .contains("class=\"headline bad\"");
    }

    @Test
    void saysWhereThereIsNothing() {
        assertThat(html(Statuses.EMPTY))
                .contains(
                        "No scan is running.",
                        "No source is configured.",
                        "No pool is configured.",
                        "No worker is configured.");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 s",
        "59, 59 s",
        "60, 1 min",
        "61, 1 min 1 s",
        "7500, 2 h 5 min",
        "97200, 1 d 3 h",
        "1e12, 'more than 1,000 d'",
        "-5, 0 s"
    })
    void spansAreInTwoUnitsAtMost(double seconds, String words) {
        assertThat(DisplayFormat.span(seconds)).isEqualTo(words);
    }

    @Test
    void refusesAnElementThatIsNotClosed() {
        assertThatThrownBy(() -> new Markup().open("p").end()).isInstanceOf(IllegalStateException.class);
    }

    private static ServiceSnapshot hostile(String name) {
        var service = new ServiceSnapshot.Service("0.1.0", Statuses.NOW, name, name, name, List.of(name), false);
        return new ServiceSnapshot(
                Statuses.NOW,
                service,
                List.of(),
                List.of(Statuses.scan("backups-1", ScanState.RUNNING, 1, List.of(name, name))),
                List.of(Statuses.source("logs", Optional.empty(), Optional.of(name))),
                List.of());
    }

    private static SnapshotTicker.Beat beat(ServiceSnapshot snapshot) {
        var history = new RateHistory();
        history.add(Instant.EPOCH, 0, 0, 0);
        history.add(Instant.EPOCH, 1_000_000_000, 1 << 20, 1 << 19);
        return new SnapshotTicker.Beat(
                1, snapshot, new ScanTotals.Progress(1, 1, 1, Duration.ZERO, CacheEffect.NONE), history.view());
    }

    private static String html(ServiceSnapshot snapshot) {
        return PageHtml.write(beat(snapshot));
    }
}
