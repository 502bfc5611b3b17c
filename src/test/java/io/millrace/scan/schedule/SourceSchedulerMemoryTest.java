// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.scan.job.ScanState;
import io.millrace.testkit.FaultyPosix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What sources remember across the end of the service, and what they make up for. */
class SourceSchedulerMemoryTest extends SourcesFixture {
    @Test
    void makesUpForTheFirstRunOfALineThatWasMissed() {
        var nightly = source("a", Schedule.cron("30 2 * * *"));
        open(nightly).close();
        clock.now = START.plus(Duration.ofDays(3));
        var lines = new ListAppender<ILoggingEvent>();
        var logger = (Logger) LoggerFactory.getLogger(SourceTable.class);
        lines.start();
        logger.addAppender(lines);
        try {
            awaitOnly(open(nightly), now -> now.activeScan().isPresent());
        } finally {
            logger.detachAppender(lines);
        }
        assertThat(begun).hasSize(1);
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("source a: the run due at 2026-11-24 02:30:00 +01:00 was missed, running it now");
    }

    @Test
    void staysFailingOverARestartUntilARunEndsWell() {
        var before = open(source("a", NEVER));
        end(before, before.start("a"), ScanState.FINISHED, 2);
        var problem = only(before).lastProblem();
        assertThat(problem).contains("a-1: 2 failed");
        before.close();
        var after = open(source("a", NEVER));
        assertThat(only(after).lastProblem()).isEqualTo(problem);
        assertThat(only(after).lastGood()).isEmpty();
        assertThat(only(after).lastRun().orElseThrow().files()).isEqualTo(3);
        end(after, after.start("a"), ScanState.FINISHED, 0);
        after.close();
        assertThat(only(open(source("a", NEVER))).lastProblem()).isEmpty();
    }

    @Test
    void takesARunThatEndedBadlyByTheFileOfAFormerRelease() throws Exception {
        Files.writeString(
                state.resolve("sources"),
                "{\"v\":1,\"sources\":{\"a\":{\"started\":\"2026-11-23T10:00:00Z\",\"ended\":\"2026-11-23T11:00:00Z\"}}}");
        assertThat(only(open(source("a", NEVER))).lastProblem())
                .contains("the run that ended at 2026-11-23T11:00:00Z failed");
    }

    @Test
    void aRunThatReadNothingIsNoGoodOne() {
        var sources = open(source("a", NEVER));
        end(sources, sources.start("a"), ScanState.FINISHED, 0, 0);
        assertThat(only(sources).lastProblem()).contains("a-1: read 0 files, at least 1 expected");
        assertThat(only(sources).lastGood()).isEmpty();
    }

    @Test
    void followsALineFromTheRestartWithWhichItCame() {
        var before = open(source("a", Schedule.cron("0 0 * * *")));
        end(before, before.start("a"), ScanState.FINISHED, 0);
        before.close();
        clock.now = START.plus(Duration.ofDays(3)); // 13:00 in Berlin
        var later = open(source("a", Schedule.cron("0 12 * * *")));
        assertThat(only(later).next()).contains(clock.now.plus(Duration.ofHours(23)));
        later.close();
        clock.now = clock.now.plus(Duration.ofHours(24));
        awaitOnly(
                open(source("a", Schedule.cron("0 12 * * *"))),
                now -> now.activeScan().isPresent());
        assertThat(begun).hasSize(2);
    }

    @Test
    void remembersAcrossAnEndWhatRanAndMakesUpOnceForWhatWasMissed() throws Exception {
        var before = open(source("a", HOURLY), source("b", HOURLY));
        await().until(() -> begun.size() == 2);
        end(before, "a-1", ScanState.CANCELLED, 0);
        end(before, "b-2", ScanState.FINISHED, 0);
        before.close();
        clock.now = START.plusSeconds(60);
        var early = open(source("a", HOURLY), source("b", HOURLY));
        assertThat(early.statuses().get(1).lastStarted()).contains(START);
        assertThat(early.statuses().get(1).lastGood()).contains(START);
        early.close();
        assertThat(begun).as("nothing was missed").hasSize(2);
        clock.now = START.plus(Duration.ofDays(3));
        var late = open(source("a", HOURLY));
        awaitOnly(late, now -> now.activeScan().isPresent());
        assertThat(only(late).next()).contains(clock.now.plus(Duration.ofHours(1)));
        assertThat(begun).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void makesUpForARunThatTheEndOfTheServiceCutShort(boolean killed) {
        var before = open(source("a", HOURLY), source("b", NEVER));
        await().until(() -> before.statuses().get(0).activeScan().isPresent());
        String asked = before.start("b");
        before.close();
        if (!killed) {
            end(before, "a-1", ScanState.CANCELLED, 0);
            end(before, asked, ScanState.CANCELLED, 0);
        }
        clock.now = START.plusSeconds(60);
        var after = open(source("a", HOURLY), source("b", NEVER));
        await().until(() -> after.statuses().get(0).activeScan().isPresent());
        assertThat(after.statuses().get(1).lastProblem())
                .contains("the run started at 2026-11-23 13:00:00 +01:00 was interrupted");
        end(after, "a-3", ScanState.FINISHED, 0);
        after.close();
        clock.now = START.plusSeconds(120);
        open(source("a", HOURLY), source("b", NEVER)).close();
        assertThat(begun).as("once, and nothing that has no schedule").containsExactly("a", "b", "a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "garbage",
                "[]",
                "{\"v\":2,\"sources\":{}}",
                "{\"v\":1,\"sources\":{\"a\":{\"started\":\"2026-11-23T11:59:00Z\"}",
                "{\"v\":1,\"sources\":{\"a\":{\"started\":\"yesterday\"}}}",
                "{\"v\":1,\"sources\":{\"a\":{\"started\":17}}}",
                "{\"v\":1,\"sources\":{\"a\":{},\"a\":{}}}",
                "{\"v\":1,\"sources\":{}}{}"
            })
    void putsAFileAsideThatItCannotRead(String content) throws Exception {
        Path file = Files.writeString(state.resolve("sources"), content);
        var sources = open(source("a", HOURLY));
        awaitOnly(sources, now -> now.activeScan().isPresent());
        sources.close();
        assertThat(state.resolve("sources.bad")).hasContent(content);
        assertThat(file).content().contains("\"a\":{\"started\":\"2026-11-23T12:00:00Z\"}");
    }

    @Test
    void runsOnWhereTheFileCannotBeReadOrWritten() throws IOException {
        Files.writeString(state.resolve("sources"), "{\"v\":1,\"sources\":{}}");
        var faulty = new FaultyPosix(LinuxPosix.create());
        var read = faulty.fail("pread", Errno.EIO).times(1);
        var write = faulty.fail("pwrite", Errno.ENOSPC).times(2);
        var sources = open(faulty.posix());
        sources.apply(List.of(source("a", HOURLY)));
        awaitOnly(sources, now -> now.activeScan().isPresent());
        await().until(() -> {
            sources.wake();
            return write.injected() == 2;
        });
        go(sources, Duration.ofMinutes(1));
        await().until(() -> Files.exists(state.resolve("sources")));
        assertThat(read.injected()).isEqualTo(1);
        assertThat(state.resolve("sources.bad")).exists();
        assertThat(state.resolve("sources")).content().contains("\"a\"");
    }
}
