// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.millrace.pagecache.CacheEffect;
import io.millrace.pagecache.CachePolicy;
import io.millrace.pagecache.ReadPlan;
import io.millrace.posix.BytePath;
import io.millrace.posix.Errno;
import io.millrace.posix.Posix;
import io.millrace.testkit.FaultyPosix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Schedules kept by a clock that the test moves, with scans that only note that they were begun. */
@Timeout(60)
class SourcesTest {
    private static final Instant START = Instant.parse("2026-11-23T12:00:00Z");
    private static final Schedule HOURLY = new Schedule.Every(Duration.ofHours(1));
    private static final Schedule NEVER = new Schedule.Never();

    @TempDir
    Path state;

    private final TestClock clock = new TestClock();
    private final List<String> begun = new CopyOnWriteArrayList<>();
    private volatile Optional<RuntimeException> refusal = Optional.empty();
    private volatile boolean outOfThreads;
    private final List<Sources> opened = new ArrayList<>();

    private static final class TestClock extends Clock {
        private volatile Instant now = START;

        @Override
        public ZoneId getZone() {
            return ZoneId.of("Europe/Berlin");
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    @AfterEach
    void close() {
        opened.forEach(Sources::close);
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("millrace-sources");
    }

    private Sources open(Posix posix) {
        var sources = new Sources(posix, BytePath.of(state.toString()), this::begin, clock);
        opened.add(sources);
        return sources;
    }

    private Sources open(SourceSpec... specs) {
        var sources = open(Posix.linux());
        sources.apply(List.of(specs));
        return sources;
    }

    private String begin(ScanRequest request) {
        if (refusal.isPresent()) {
            throw refusal.get();
        }
        if (outOfThreads) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        String name = request.source().orElseThrow();
        begun.add(name);
        return name + "-" + begun.size();
    }

    private static SourceSpec source(String name, Schedule schedule, boolean atStart) {
        var options = new ScanOptions(
                Set.of(), ReadPlan.Wish.of(CachePolicy.NEUTRAL), 1, ScanOptions.DEFAULT_READ_BYTES, Optional.empty());
        var request = new ScanRequest(
                Optional.of(name),
                List.of(BytePath.of("/srv")),
                Optional.empty(),
                FileFilter.ALL,
                FileOrder.DIRECTORY,
                options,
                List.of(),
                RateLimiter.UNLIMITED,
                OptionalDouble.empty());
        return new SourceSpec(name, request, schedule, atStart);
    }

    private static SourceSpec source(String name, Schedule schedule) {
        return source(name, schedule, false);
    }

    private void end(Sources sources, String id, ScanState how, long failed) {
        String name = id.substring(0, id.lastIndexOf('-'));
        var status = new ScanStatus(
                id,
                Optional.of(name),
                how,
                START,
                Optional.of(clock.now),
                3,
                failed,
                0,
                0,
                0,
                OptionalLong.empty(),
                0,
                RateLimiter.UNLIMITED,
                Duration.ZERO,
                List.of(),
                CacheEffect.NONE,
                CachePolicy.NEUTRAL,
                Optional.empty());
        boolean stopped = how == ScanState.CANCELLED;
        var summary = new ScanSummary(3, failed, 0, 0, 0, 0, 1, CacheEffect.NONE, 0, stopped);
        sources.listener().ended(status, how == ScanState.FAILED ? Optional.empty() : Optional.of(summary));
    }

    private void go(Sources sources, Duration ahead) {
        clock.now = clock.now.plus(ahead);
        sources.wake();
    }

    private static SourceStatus only(Sources sources) {
        assertThat(sources.statuses()).hasSize(1);
        return sources.statuses().get(0);
    }

    private static SourceStatus awaitOnly(Sources sources, java.util.function.Predicate<SourceStatus> until) {
        await().until(() -> until.test(only(sources)));
        return only(sources);
    }

    @Test
    void scansAtOnceWhatWasNeverScannedAndThenByItsPeriod() {
        var sources = open(source("a", HOURLY));
        var status = awaitOnly(sources, now -> now.activeScan().isPresent());
        assertThat(status.activeScan()).contains("a-1");
        assertThat(status.lastStarted()).contains(START);
        assertThat(status.next()).contains(START.plus(Duration.ofHours(1)));
        end(sources, "a-1", ScanState.FINISHED, 0);
        assertThat(only(sources).activeScan()).isEmpty();
        assertThat(only(sources).lastGood()).contains(START);
        go(sources, Duration.ofMinutes(59));
        go(sources, Duration.ofMinutes(1));
        var next = awaitOnly(sources, now -> now.activeScan().equals(Optional.of("a-2")));
        assertThat(next.lastStarted()).as("and not a minute before").contains(START.plus(Duration.ofHours(1)));
        assertThat(begun).hasSize(2);
    }

    @Test
    void goesOnWhenTheSystemHasNoThreadForAScan() {
        outOfThreads = true;
        var sources = open(source("a", HOURLY));
        var status = awaitOnly(sources, now -> now.lastProblem().isPresent());
        assertThat(status.lastProblem()).contains("could not begin: unable to create native thread");
        outOfThreads = false;
        go(sources, Duration.ofSeconds(60));
        awaitOnly(sources, now -> now.activeScan().isPresent());
    }

    @Test
    void makesUpForTheFirstRunOfALineThatWasMissed() {
        var nightly = source("a", Schedule.cron("30 2 * * *"));
        open(nightly).close();
        clock.now = START.plus(Duration.ofDays(3));
        awaitOnly(open(nightly), now -> now.activeScan().isPresent());
        assertThat(begun).hasSize(1);
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
        assertThat(after.statuses().get(1).lastProblem()).contains("the run begun at " + START + " was cut short");
        end(after, "a-3", ScanState.FINISHED, 0);
        after.close();
        clock.now = START.plusSeconds(120);
        open(source("a", HOURLY), source("b", NEVER)).close();
        assertThat(begun).as("once, and nothing that has no schedule").containsExactly("a", "b", "a");
    }

    @Test
    void leavesOutARunThatIsDueBesideOneUnderWayAndSaysSo() {
        var sources = open(source("a", HOURLY));
        awaitOnly(sources, now -> now.activeScan().isPresent());
        go(sources, Duration.ofMinutes(61));
        var status = awaitOnly(sources, now -> now.lastProblem().isPresent());
        assertThat(status.lastProblem())
                .contains("the run due at 2026-11-23T13:00:00Z was left out: the one before is still under way");
        assertThat(status.next()).contains(START.plus(Duration.ofHours(2)));
        end(sources, "a-1", ScanState.FINISHED, 0);
        assertThat(only(sources).lastProblem())
                .as("the schedule is still too tight")
                .isPresent();
        go(sources, Duration.ofMinutes(59));
        awaitOnly(sources, now -> now.activeScan().equals(Optional.of("a-2")));
        assertThat(only(sources).lastProblem()).isEmpty();
        assertThat(begun).hasSize(2);
    }

    @Test
    void runsByACrontabLineAlsoWhenTheClockIsSet() {
        var sources = open(source("a", Schedule.cron("30 2 * * *")));
        Instant first = Instant.parse("2026-11-24T01:30:00Z");
        assertThat(only(sources).next()).contains(first);
        go(sources, Duration.ofDays(300)); // by mistake
        awaitOnly(sources, now -> now.activeScan().isPresent());
        end(sources, "a-1", ScanState.FINISHED, 0);
        go(sources, Duration.ofDays(-300)); // and put right
        awaitOnly(sources, now -> now.next().equals(Optional.of(first)));
        clock.now = first;
        sources.wake();
        awaitOnly(sources, now -> now.activeScan().isPresent());
        assertThat(begun).hasSize(2);
    }

    @Test
    void runsAtTheStartOnlyWhatIsToAndThatOnce() {
        var sources = open(source("a", NEVER, true), source("b", NEVER), source("c", HOURLY, true));
        await().until(() -> begun.size() == 2);
        end(sources, "a-1", ScanState.FINISHED, 0);
        sources.apply(List.of(source("a", NEVER, true), source("d", NEVER, true)));
        go(sources, Duration.ofMinutes(10));
        assertThat(sources.start("d")).as("the first that d had").isEqualTo("d-3");
        assertThat(begun).containsExactly("a", "c", "d");
    }

    @Test
    void startsWhatIsAskedForUnlessItIsUnderWay() {
        var sources = open(source("a", NEVER));
        assertThat(sources.start("a")).isEqualTo("a-1");
        assertThat(only(sources).activeScan()).contains("a-1");
        assertThatIllegalStateException()
                .isThrownBy(() -> sources.start("a"))
                .withMessage("a: is being scanned already by a-1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sources.start("b"))
                .withMessage("no source is named 'b'");
        end(sources, "other-7", ScanState.FINISHED, 0);
        assertThatIllegalStateException().isThrownBy(() -> sources.start("a"));
        end(sources, "a-1", ScanState.FINISHED, 0);
        assertThat(sources.start("a")).isEqualTo("a-2");
        sources.close();
        end(sources, "a-2", ScanState.FINISHED, 0);
        assertThatIllegalStateException().isThrownBy(() -> sources.start("a"));
    }

    @Test
    void triesAgainAMinuteLaterWhatCouldNotBegin() {
        refusal = Optional.of(new IllegalStateException("64 scans run already"));
        var sources = open(source("a", HOURLY));
        var status = awaitOnly(sources, now -> now.lastProblem().isPresent());
        assertThat(status.lastProblem()).contains("could not begin: 64 scans run already");
        assertThat(status.lastStarted()).isEmpty();
        assertThat(status.next()).contains(START.plusSeconds(60));
        refusal = Optional.empty();
        go(sources, Duration.ofSeconds(60));
        awaitOnly(sources, now -> now.activeScan().isPresent());
        end(sources, "a-1", ScanState.FINISHED, 0);
        assertThat(only(sources).lastProblem()).isEmpty();
    }

    @Test
    void tellsTheCallerWhyARunCouldNotBegin() {
        var sources = open(source("a", NEVER));
        refusal = Optional.of(new IllegalArgumentException("no worker is named x"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sources.start("a"))
                .withMessage("no worker is named x");
        assertThat(only(sources).lastProblem()).contains("could not begin: no worker is named x");
        assertThat(only(sources).next()).as("nobody scheduled it").isEmpty();
    }

    @Test
    void saysHowTheLastRunEndedBadly() {
        var sources = open(source("a", NEVER));
        for (var how : List.of(ScanState.FINISHED, ScanState.CANCELLED, ScanState.FAILED)) {
            String id = sources.start("a");
            end(sources, id, how, how == ScanState.FINISHED ? 2 : 0);
            String expected = switch (how) {
                case FINISHED -> ": 2 failed";
                case CANCELLED -> ": was cancelled";
                default -> ": did not end well";
            };
            assertThat(only(sources).lastProblem()).contains(id + expected);
            assertThat(only(sources).lastGood()).isEmpty();
        }
    }

    @Test
    void hearsOfAScanThatEndsBeforeItsStartReturns() {
        var holder = new ArrayList<Sources>();
        var sources = new Sources(
                Posix.linux(),
                BytePath.of(state.toString()),
                request -> {
                    end(holder.get(0), "a-1", ScanState.FINISHED, 0);
                    return "a-1";
                },
                clock);
        holder.add(sources);
        opened.add(sources);
        sources.apply(List.of(source("a", NEVER)));
        assertThat(sources.start("a")).isEqualTo("a-1");
        assertThat(only(sources).activeScan()).isEmpty();
        assertThat(only(sources).lastGood()).contains(START);
        assertThat(sources.start("a")).isEqualTo("a-1");
    }

    @Test
    void takesAReloadWithoutLosingTimesOrRunningTwice() {
        var sources = open(source("same", HOURLY), source("sooner", HOURLY), source("gone", HOURLY));
        await().until(() -> begun.size() == 3);
        end(sources, "same-2", ScanState.FINISHED, 0);
        end(sources, "sooner-3", ScanState.FINISHED, 0);
        go(sources, Duration.ofMinutes(20));
        var sooner = new Schedule.Every(Duration.ofMinutes(30));
        sources.apply(List.of(source("same", HOURLY), source("sooner", sooner)));
        assertThat(sources.statuses())
                .extracting(status -> status.spec().name())
                .containsExactly("same", "sooner");
        assertThat(sources.statuses())
                .extracting(SourceStatus::next)
                .containsExactly(
                        Optional.of(START.plus(Duration.ofHours(1))), Optional.of(START.plus(Duration.ofMinutes(30))));
        sources.apply(List.of(source("gone", HOURLY)));
        assertThat(only(sources).activeScan()).as("came back while it ran").contains("gone-1");
        end(sources, "gone-1", ScanState.FINISHED, 0);
        sources.apply(List.of());
        assertThat(sources.statuses()).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> sources.start("gone"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sources.apply(List.of(source("x", NEVER), source("x", HOURLY))));
    }

    @Test
    void followsANewLineFromNowOn() {
        var sources = open(source("a", Schedule.cron("0 0 1 * *")));
        String unused = sources.start("a");
        end(sources, "a-1", ScanState.FINISHED, 0);
        go(sources, Duration.ofDays(3));
        sources.apply(List.of(source("a", Schedule.cron("0 13 * * *"))));
        assertThat(only(sources).next()).contains(START.plus(Duration.ofDays(4)));
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
        var faulty = new FaultyPosix(Posix.linux());
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
