// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.scan.schedule.SourceStatus;
import io.millrace.worker.WorkerStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusLineTest {
    /** NOTIFY_BUFFER_MAX of systemd, without what else is in the message. */
    private static final int MAX_BYTES = 4096 - "READY=1\nSTATUS=".length();

    @TempDir
    Path directory;

    @Test
    void namesAFewAndCountsTheOthers() {
        assertThat(StatusLine.few(Stream.of("a", "b", "c"), "scans")).containsExactly("a", "b", "c");
        assertThat(StatusLine.few(Stream.of("a", "b", "c", "d", "e"), "scans"))
                .containsExactly("a", "b", "c", "2 more scans");
    }

    @Test
    void fitsIntoAMessageWhateverTheNames() {
        String longest = "\ud83d\ude00".repeat(4096);
        assertThat(StatusLine.bounded(longest).getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(MAX_BYTES);
        assertThat(StatusLine.bounded(longest)).endsWith("\ud83d\ude00…");
        assertThat(StatusLine.bounded("all is well")).isEqualTo("all is well");
    }

    @Test
    void saysWhichSourcesDidNotDoWell() throws IOException {
        assertThat(StatusLine.failing(
                        List.of(source("good", Optional.empty()), source("bad", Optional.of("bad-1: 2 failed")))))
                .containsExactly("source bad failed (bad-1: 2 failed)");
    }

    @Test
    void beginsWithWhatIsWrongAndNamesWorkersThatAreLeftAlone() throws IOException {
        var read = new ServiceFile(directory).read("workers: {bad: {command: cat}, good: {command: cat}}");
        var workers = read.workers().values().stream()
                .map(spec -> new WorkerStatus(
                        spec,
                        0,
                        0,
                        0,
                        0,
                        spec.name().equals("bad"),
                        Optional.of("crashed: ended by SIGSEGV"),
                        Optional.empty(),
                        Map.of()))
                .toList();
        var troubles = List.of("http cannot listen (it is taken)");
        assertThat(StatusLine.of(troubles, List.of(), workers, List.of(), List.of(), Instant.EPOCH, ZoneOffset.UTC))
                .isEqualTo("http cannot listen (it is taken); worker bad is quarantined (crashed: ended by"
                        + " SIGSEGV); no scan is planned");
    }

    private SourceStatus source(String name, Optional<String> problem) throws IOException {
        var read = new ServiceFile(directory).read("sources: {" + name + ": {paths: [/]}}");
        return new SourceStatus(
                read.sources().get(name),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                problem);
    }
}
