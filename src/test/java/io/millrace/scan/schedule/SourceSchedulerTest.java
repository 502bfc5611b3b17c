// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.scan.job.ScanState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When sources are scanned, and what is said of it. */
class SourceSchedulerTest extends SourcesFixture {
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
        assertThat(status.lastProblem()).contains("start failed: unable to create native thread");
        outOfThreads = false;
        go(sources, Duration.ofSeconds(60));
        awaitOnly(sources, now -> now.activeScan().isPresent());
    }

    @Test
    void leavesOutARunThatIsDueBesideOneUnderWayAndSaysSo() {
        var sources = open(source("a", HOURLY));
        awaitOnly(sources, now -> now.activeScan().isPresent());
        go(sources, Duration.ofMinutes(61));
        var status = awaitOnly(sources, now -> now.lastProblem().isPresent());
        assertThat(status.lastProblem())
                .contains("skipped the run due at 2026-11-23 14:00:00 +01:00: the previous run is still active");
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
                .withMessage("there is no source 'b'; there is a");
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
        assertThat(status.lastProblem()).contains("start failed: 64 scans run already");
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
        assertThat(only(sources).lastProblem()).contains("start failed: no worker is named x");
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
                default -> ": failed";
            };
            assertThat(only(sources).lastProblem()).contains(id + expected);
            assertThat(only(sources).lastGood()).isEmpty();
        }
    }

    @Test
    void hearsOfAScanThatEndsBeforeItsStartReturns() {
        var holder = new ArrayList<SourceScheduler>();
        var sources = new SourceScheduler(
                LinuxPosix.create(),
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
}
