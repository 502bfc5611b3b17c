// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.scan.catalog.DailyWindow;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NightlyScheduleTest {
    private static final Instant NIGHT = Instant.parse("2026-11-29T01:00:00Z");

    private final Schedule schedule = new Schedule.Nightly(DailyWindow.parse("01:00-05:00"));

    private Instant next(Optional<Instant> last, Instant now) {
        return schedule.next(last, now, ZoneOffset.UTC).orElseThrow();
    }

    @Test
    void isDueOnceInEachWindowAndAtOnceWhileOneIsOpen() {
        Instant within = NIGHT.plusSeconds(3600);
        assertThat(next(Optional.empty(), NIGHT.minusSeconds(1))).isEqualTo(NIGHT);
        assertThat(next(Optional.empty(), within)).isEqualTo(within);
        assertThat(next(Optional.of(NIGHT.minusSeconds(86_000)), within)).isEqualTo(within);
        assertThat(next(Optional.of(NIGHT), within)).isEqualTo(NIGHT.plusSeconds(86_400));
    }

    @Test
    void isNotBoundByARunThatWasRecordedWhileTheClockWasWrong() {
        assertThat(next(Optional.of(NIGHT.plusSeconds(10_000_000)), NIGHT)).isEqualTo(NIGHT);
    }

    @Test
    void movesWhatIsMadeUpForIntoAWindow() {
        Instant noon = NIGHT.plusSeconds(11 * 3600);
        assertThat(schedule.notBefore(noon, ZoneOffset.UTC)).isEqualTo(NIGHT.plusSeconds(86_400));
        assertThat(schedule.notBefore(NIGHT, ZoneOffset.UTC)).isEqualTo(NIGHT);
    }

    @Test
    void waitsForTheWindowOnceAnotherScheduleIsDue() {
        Schedule daily = Schedule.within(DailyWindow.parse("01:00-05:00"), new Schedule.Every(Duration.ofHours(24)));
        Instant noon = NIGHT.plusSeconds(11 * 3600);
        Instant tomorrow = NIGHT.plusSeconds(86_400);
        assertThat(daily.next(Optional.empty(), noon, ZoneOffset.UTC)).contains(tomorrow);
        assertThat(daily.next(Optional.empty(), NIGHT, ZoneOffset.UTC)).contains(NIGHT);
        assertThat(daily.next(Optional.of(NIGHT.plusSeconds(60)), noon, ZoneOffset.UTC))
                .contains(tomorrow.plusSeconds(60));
        Schedule hourly = Schedule.within(DailyWindow.parse("01:00-05:00"), new Schedule.Cron("0 * * * *"));
        assertThat(hourly.next(Optional.of(NIGHT), NIGHT.plusSeconds(60), ZoneOffset.UTC))
                .contains(NIGHT.plusSeconds(3600));
        assertThat(hourly.next(Optional.of(NIGHT.plusSeconds(4 * 3600)), noon, ZoneOffset.UTC))
                .contains(tomorrow);
    }
}
