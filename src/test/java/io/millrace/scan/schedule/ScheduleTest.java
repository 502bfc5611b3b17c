// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.testkit.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final Optional<Instant> NONE = Optional.empty();

    private static Instant at(String text) {
        return OffsetDateTime.parse(text).toInstant();
    }

    private static Schedule every(String period) {
        return new Schedule.Every(Duration.parse(period));
    }

    /** The next times, as they are written in Berlin, each being the last of the next. */
    private static List<String> times(String line, String from, int count) {
        var times = new ArrayList<String>();
        Instant last = at(from);
        for (int i = 0; i < count; i++) {
            last = Schedule.cron(line).next(Optional.of(last), last, BERLIN).get();
            times.add(last.atZone(BERLIN).toOffsetDateTime().toString());
        }
        return times;
    }

    @Test
    void neverIsNever() {
        assertThat(new Schedule.Never().next(NONE, NOW, BERLIN)).isEmpty();
        assertThat(new Schedule.Never().next(Optional.of(NOW), NOW, BERLIN)).isEmpty();
    }

    @Test
    void aPeriodCountsFromTheLastBeginning() {
        assertThat(every("PT24H").next(Optional.of(NOW.minusSeconds(60)), NOW, BERLIN))
                .contains(NOW.minusSeconds(60).plus(Duration.ofDays(1)));
        assertThat(every("PT24H").next(NONE, NOW, BERLIN))
                .as("at once where there was no run")
                .contains(NOW);
        assertThat(every("PT1H").next(Optional.of(NOW.minus(Duration.ofDays(30))), NOW, BERLIN))
                .as("once for all that were missed")
                .contains(NOW);
    }

    @Test
    void aPeriodHoldsWhenTheClockWasWrong() {
        assertThat(every("PT1H").next(Optional.of(NOW.plusSeconds(2)), NOW, BERLIN))
                .as("a small step back repeats nothing")
                .contains(NOW.plusSeconds(3602));
        assertThat(every("PT1H").next(Optional.of(NOW.plus(Duration.ofDays(300))), NOW, BERLIN))
                .as("a year is not waited for")
                .contains(NOW);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S"})
    void aPeriodIsPositive(String period) {
        assertThatIllegalArgumentException().isThrownBy(() -> every(period));
    }

    @Test
    void aLineIsDueAtTheNextTimeAndOnceAfterMissedOnes() {
        Schedule nightly = Schedule.cron("30 2 * * *");
        Instant next = at("2026-11-24T02:30:00+01:00");
        assertThat(nightly.next(NONE, NOW, BERLIN)).contains(next);
        assertThat(nightly.next(Optional.of(at("2026-11-23T02:30:00+01:00")), NOW, BERLIN))
                .contains(next);
        assertThat(nightly.next(Optional.of(at("2026-10-01T02:30:00+02:00")), NOW, BERLIN))
                .contains(NOW);
        assertThat(nightly.next(NONE, next, BERLIN))
                .as("a moment is not its own next")
                .contains(next.plusSeconds(86_400));
    }

    @Test
    void aLineHoldsWhenTheClockWasWrong() {
        Schedule nightly = Schedule.cron("0 13 * * *"); // 12:00 UTC
        assertThat(nightly.next(Optional.of(NOW), NOW.minusSeconds(2), BERLIN))
                .as("a small step back repeats nothing")
                .contains(NOW.plusSeconds(86_400));
        assertThat(nightly.next(Optional.of(NOW.plus(Duration.ofDays(300))), NOW.minusSeconds(2), BERLIN))
                .as("a year is not waited for")
                .contains(NOW);
    }

    @Test
    void aFixedRunInTheSpringGapComesRightAfterTheChange() {
        assertThat(times("30 2 * * *", "2026-03-28T00:00:00+01:00", 3))
                .containsExactly("2026-03-28T02:30+01:00", "2026-03-29T03:00+02:00", "2026-03-30T02:30+02:00");
        assertThat(times("0 2 * * 0", "2026-03-23T00:00:00+01:00", 2))
                .containsExactly("2026-03-29T03:00+02:00", "2026-04-05T02:00+02:00");
        assertThat(times("0,30 2,3 * * *", "2026-03-29T01:00:00+01:00", 2))
                .as("one run for all that were skipped")
                .containsExactly("2026-03-29T03:00+02:00", "2026-03-29T03:30+02:00");
        assertThat(times("*/30 * * * *", "2026-03-29T01:00:00+01:00", 3))
                .containsExactly("2026-03-29T01:30+01:00", "2026-03-29T03:00+02:00", "2026-03-29T03:30+02:00");
        assertThat(times("*/30 2 * * *", "2026-03-28T12:00:00+01:00", 1))
                .as("is not fixed for cron")
                .containsExactly("2026-03-30T02:00+02:00");
    }

    @ParameterizedTest
    @CsvSource({
        "America/Havana, @daily, 2026-03-07T12:00:00Z, 2026-03-08T01:00-04:00, 2026-03-09T00:00-04:00",
        "America/Havana, @daily, 2026-10-31T12:00:00Z, 2026-11-01T00:00-04:00, 2026-11-02T00:00-05:00",
        "Asia/Beirut, 30 23 * * *, 2026-10-24T12:00:00Z, 2026-10-24T23:30+03:00, 2026-10-25T23:30+02:00",
        "Australia/Lord_Howe, 15 2 * * *, 2026-10-03T00:00:00Z, 2026-10-04T02:30+11:00, 2026-10-05T02:15+11:00",
        "Australia/Lord_Howe, 45 1 * * *, 2026-04-04T12:00:00Z, 2026-04-05T01:45+11:00, 2026-04-06T01:45+10:30",
        "Europe/Dublin, 30 1 * * *, 2026-03-28T12:00:00Z, 2026-03-29T02:00+01:00, 2026-03-30T01:30+01:00",
        "Africa/Casablanca, 30 2 * * *, 2026-03-21T12:00:00Z, 2026-03-22T03:00+01:00, 2026-03-23T02:30+01:00",
        "Africa/Casablanca, 30 2 * * *, 2026-02-14T12:00:00Z, 2026-02-15T02:30+01:00, 2026-02-16T02:30Z",
        "Pacific/Apia, 0 12 * * *, 2011-12-29T12:00:00Z, 2011-12-29T12:00-10:00, 2011-12-31T12:00+14:00"
    })
    void knowsTheChangesOfTheWorld(String zone, String line, String after, String first, String second) {
        Schedule schedule = Schedule.cron(line);
        ZoneId there = ZoneId.of(zone);
        var times = new ArrayList<String>();
        for (Instant last = Instant.parse(after); times.size() < 2; ) {
            last = schedule.next(Optional.of(last), last, there).orElseThrow();
            times.add(last.atZone(there).toOffsetDateTime().toString());
            last = last.plusSeconds(7);
        }
        assertThat(times).containsExactly(first, second);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-10-25T00:30:00.050Z", "2026-10-25T00:30:07Z", "2026-10-25T00:35:12Z"})
    void aFixedRunInTheHourThatComesTwiceIsNotRepeatedHoweverLateItBegan(String began) {
        Instant last = Instant.parse(began);
        for (String now : List.of(began, "2026-10-25T01:30:00Z", "2026-10-25T02:00:00Z")) {
            assertThat(Schedule.cron("30 2 * * *").next(Optional.of(last), Instant.parse(now), BERLIN))
                    .contains(at("2026-10-26T02:30:00+01:00"));
        }
    }

    @Test
    void aClockThatIsSetBackRepeatsNoFixedRunUnlessItWasSetByHours() {
        Optional<Instant> last = Optional.of(at("2026-11-24T02:30:01+01:00"));
        Schedule nightly = Schedule.cron("30 2 * * *");
        assertThat(nightly.next(last, at("2026-11-24T00:30:00+01:00"), BERLIN))
                .contains(at("2026-11-25T02:30:00+01:00"));
        assertThat(nightly.next(last, at("2026-11-23T22:30:00+01:00"), BERLIN))
                .as("a correction of the clock")
                .contains(at("2026-11-24T02:30:00+01:00"));
        Schedule often = Schedule.cron("*/10 * * * *");
        assertThat(often.next(last, at("2026-11-24T02:29:58+01:00"), BERLIN))
                .as("the same minute again")
                .contains(at("2026-11-24T02:40:00+01:00"));
        assertThat(often.next(last, at("2026-11-24T01:05:00+01:00"), BERLIN))
                .as("by the wall clock")
                .contains(at("2026-11-24T01:10:00+01:00"));
    }

    @Test
    void aRunInTheHourThatComesTwiceIsMadeOnceWhereItsTimeIsFixed() {
        assertThat(times("30 2 * * *", "2026-10-24T12:00:00+02:00", 2))
                .containsExactly("2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00");
        assertThat(times("*/30 * * * *", "2026-10-25T01:30:00+02:00", 5))
                .containsExactly(
                        "2026-10-25T02:00+02:00",
                        "2026-10-25T02:30+02:00",
                        "2026-10-25T02:00+01:00",
                        "2026-10-25T02:30+01:00",
                        "2026-10-25T03:00+01:00");
    }

    @ParameterizedTest
    @CsvSource({
        "@hourly, 2026-11-23T14:00+01:00",
        "@daily, 2026-11-24T00:00+01:00",
        "@midnight, 2026-11-24T00:00+01:00",
        "@weekly, 2026-11-29T00:00+01:00",
        "@monthly, 2026-12-01T00:00+01:00",
        "@yearly, 2027-01-01T00:00+01:00",
        "'  0  5\t* * mon-fri ', 2026-11-24T05:00+01:00",
        "0 0 13 * 5, 2026-11-27T00:00+01:00",
        "0 0 29 2 *, 2028-02-29T00:00+01:00",
        "0 0 * * 7, 2026-11-29T00:00+01:00"
    })
    void understandsCrontab(String line, String expected) {
        assertThat(times(line, "2026-11-23T13:00:00+01:00", 1)).containsExactly(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "* * * *",
                "* * * * * *",
                "61 * * * *",
                "* 24 * * *",
                "* * 0 * *",
                "* * * 13 *",
                "* * * * 8",
                "@reboot",
                "@sometimes",
                "0 0 30 2 *",
                "0 0 31 4,6 *",
                "0 0 L * *",
                "1-0/ * * * *",
                "*/0 * * * *",
                "a\nb c d e",
                "-1 * * * *",
                "\uD800 * * * *"
            })
    void refusesBadLinesInOneLine(String line) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Schedule.cron(line))
                .satisfies(e -> assertThat(e.getMessage()).isNotBlank().doesNotContain("\n"));
    }

    @Test
    void saysWhatIsWrongWithALine() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Schedule.cron("61 * * * *"))
                .withMessageStartingWith("'61 * * * *' is not a crontab(5) line: ")
                .withMessageContaining("minute 61 is not in 0-59");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Schedule.cron("0 0 30 2 *"))
                .withMessage("'0 0 30 2 *' names a day that does not exist");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Schedule.cron("1,".repeat(200)))
                .withMessage("a cron line is longer than 256 characters");
    }

    @Test
    void takesGarbageOrRefusesIt() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        String alphabet = "0123456789*/,-?L#W @\tabjmonsun\u0000\n";
        int refused = 0;
        for (int i = 0; i < 1_000; i++) {
            String line = random.ints(random.nextInt(20), 0, alphabet.length())
                    .mapToObj(at -> alphabet.substring(at, at + 1))
                    .collect(Collectors.joining());
            try {
                var next = Schedule.cron(line).next(NONE, NOW, BERLIN);
                assertThat(next).as("seed %d: '%s'", seed, line).isPresent();
            } catch (IllegalArgumentException e) {
                refused++;
                assertThat(e.getMessage()).as("seed %d: '%s'", seed, line).doesNotContain("\n");
            }
        }
        assertThat(refused).as("seed %d", seed).isPositive();
    }

    @Test
    void loadsNothingForCronWhereThereIsNoLine() throws Exception {
        String loaded = Command.run(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xlog:class+load",
                "-cp",
                System.getProperty("java.class.path"),
                Plain.class.getName());
        assertThat(loaded).contains(Schedule.class.getName()).doesNotContain(CronLine.class.getName());
    }

    /** A service without a cron line. */
    static final class Plain {
        public static void main(String[] args) {
            for (var schedule : List.of(new Schedule.Never(), every("PT1H"))) {
                System.out.println(schedule.next(NONE, NOW, BERLIN));
            }
        }
    }
}
