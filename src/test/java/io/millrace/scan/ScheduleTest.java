// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.testkit.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
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
    void aRunInTheSpringGapIsSkipped() {
        assertThat(times("30 2 * * *", "2026-03-28T00:00:00+01:00", 3))
                .containsExactly("2026-03-28T02:30+01:00", "2026-03-30T02:30+02:00", "2026-03-31T02:30+02:00");
        assertThat(times("*/30 * * * *", "2026-03-29T01:00:00+01:00", 3))
                .containsExactly("2026-03-29T01:30+01:00", "2026-03-29T03:00+02:00", "2026-03-29T03:30+02:00");
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
                .withMessageStartingWith("'61 * * * *' is no line of crontab(5): ")
                .withMessageContaining("61 not in range [0, 59]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Schedule.cron("0 0 30 2 *"))
                .withMessage("'0 0 30 2 *' names a day that never comes");
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

    /** Against one that goes from minute to minute, from moments around the changes of the clocks. */
    @Test
    void agreesWithOneThatTriesEveryMinute() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        int compared = 0;
        for (int i = 0; i < 500; i++) {
            var line = NaiveCron.random(random);
            String change = random.nextBoolean() ? "2026-03-29T01:00:00Z" : "2026-10-25T01:00:00Z";
            Instant from = Instant.parse(change).plusSeconds(random.nextInt(8 * 3600) - 4 * 3600);
            Optional<ZonedDateTime> expected = line.next(from.atZone(BERLIN));
            if (expected.isPresent() && !isSecondTime(expected.get())) {
                compared++;
                assertThat(Schedule.cron(line.text()).next(Optional.of(from), from, BERLIN))
                        .as("seed %d: '%s' after %s", seed, line.text(), from.atZone(BERLIN))
                        .contains(expected.get().toInstant());
            }
        }
        assertThat(compared).as("seed %d", seed).isGreaterThan(150);
    }

    /** Of an hour that comes twice. */
    private static boolean isSecondTime(ZonedDateTime time) {
        return !time.withEarlierOffsetAtOverlap().isEqual(time);
    }

    private record NaiveCron(Set<Integer> minutes, Set<Integer> hours, Set<Integer> days, Set<Integer> weekdays) {
        static NaiveCron random(Random random) {
            return new NaiveCron(some(random, 60, 0), some(random, 5, 0), some(random, 28, 1), some(random, 7, 0));
        }

        /** Empty stands for all. */
        private static Set<Integer> some(Random random, int bound, int least) {
            var values = new TreeSet<Integer>();
            for (int i = random.nextInt(3); i > 0; i--) {
                values.add(least + random.nextInt(bound));
            }
            return values;
        }

        String text() {
            return field(minutes) + " " + field(hours) + " " + field(days) + " * " + field(weekdays);
        }

        private static String field(Set<Integer> values) {
            return values.isEmpty() ? "*" : values.stream().map(String::valueOf).collect(Collectors.joining(","));
        }

        Optional<ZonedDateTime> next(ZonedDateTime after) {
            ZonedDateTime time = after.withSecond(0).withNano(0);
            for (int minute = 0; minute < 40 * 1440; minute++) {
                time = time.plusMinutes(1);
                if (isIn(minutes, time.getMinute()) && isIn(hours, time.getHour()) && isOnDay(time)) {
                    return Optional.of(time);
                }
            }
            return Optional.empty();
        }

        private boolean isOnDay(ZonedDateTime time) {
            boolean day = isIn(days, time.getDayOfMonth());
            boolean weekday = isIn(weekdays, time.getDayOfWeek().getValue() % 7);
            return days.isEmpty() || weekdays.isEmpty() ? day && weekday : day || weekday;
        }

        private static boolean isIn(Set<Integer> values, int value) {
            return values.isEmpty() || values.contains(value);
        }
    }

    /** Its library is a third of what an idle service may take to start. */
    @Test
    void loadsNothingForCronWhereThereIsNoLine() throws Exception {
        String loaded = Command.run(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xlog:class+load",
                "-cp",
                System.getProperty("java.class.path"),
                Plain.class.getName());
        assertThat(loaded).contains(Schedule.class.getName()).doesNotContain("com.cronutils");
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
