// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import io.millrace.pagecache.CacheEffect;
import io.millrace.prealloc.PoolState;
import io.millrace.scan.ScanState;
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
class PageTest {
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
        String event = SnapshotJson.write(beat(hostile(SCRIPT + "\n\u001b")), true);

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
    void aFinishedScanIsAHundredPercentAndARunningOneNever() {
        var running = Statuses.scan("a", ScanState.RUNNING, (8L << 30) - 1, List.of());
        var finished = Statuses.scan("b", ScanState.FINISHED, 8L << 30, List.of());
        String html = html(Statuses.of(List.of(), List.of(running, finished)));

        assertThat(html).contains(">99 %<", ">100 %<");
    }

    @Test
    void saysHowThingsAreWithoutColours() {
        String html = html(new Snapshot(
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
                        "No scan yet.",
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
        assertThat(Words.span(seconds)).isEqualTo(words);
    }

    @Test
    void refusesAnElementThatIsNotClosed() {
        assertThatThrownBy(() -> new Markup().open("p").end()).isInstanceOf(IllegalStateException.class);
    }

    private static Snapshot hostile(String name) {
        var service = new Snapshot.Service("0.1.0", Statuses.NOW, name, name, false);
        return new Snapshot(
                Statuses.NOW,
                service,
                List.of(),
                List.of(Statuses.scan("backups-1", ScanState.RUNNING, 1, List.of(name, name))),
                List.of(Statuses.source("logs", Optional.empty(), Optional.of(name))),
                List.of());
    }

    private static Pulse.Beat beat(Snapshot snapshot) {
        var history = new RateHistory();
        history.add(Instant.EPOCH, 0, 0);
        history.add(Instant.EPOCH, 1_000_000_000, 1 << 20);
        return new Pulse.Beat(1, snapshot, new ScanTotals.Progress(1, Duration.ZERO, CacheEffect.NONE), history.view());
    }

    private static String html(Snapshot snapshot) {
        return PageHtml.write(beat(snapshot));
    }
}
