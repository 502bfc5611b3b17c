// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DailyWindowTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin"); // +1, in summer +2

    private static DailyWindow.Span spanAfter(String window, String moment) {
        return DailyWindow.parse(window).next(Instant.parse(moment), BERLIN);
    }

    @ParameterizedTest
    @CsvSource({
        "01:00-05:00,2026-11-28T12:00:00Z,2026-11-29T00:00:00Z,2026-11-29T04:00:00Z",
        "22:00-02:00,2026-11-28T12:00:00Z,2026-11-28T21:00:00Z,2026-11-29T01:00:00Z",
        "00:00-24:00,2026-11-28T12:00:00Z,2026-11-28T23:00:00Z,2026-11-29T23:00:00Z",
        // In the night of 29 March 2026, 02:00 becomes 03:00: what is skipped is right after it.
        "02:30-05:00,2026-03-28T12:00:00Z,2026-03-29T01:00:00Z,2026-03-29T03:00:00Z",
        "01:00-02:30,2026-03-28T12:00:00Z,2026-03-29T00:00:00Z,2026-03-29T01:00:00Z",
        // All of it is skipped: the next night's.
        "02:10-02:50,2026-03-28T12:00:00Z,2026-03-30T00:10:00Z,2026-03-30T00:50:00Z",
        // In the night of 25 October 2026, 03:00 becomes 02:00: the first one counts.
        "02:30-05:00,2026-10-24T12:00:00Z,2026-10-25T00:30:00Z,2026-10-25T04:00:00Z",
        "01:00-02:30,2026-10-24T12:00:00Z,2026-10-24T23:00:00Z,2026-10-25T00:30:00Z"
    })
    void opensAndEndsByTheWallClockAsCronDoes(String window, String moment, String start, String end) {
        assertThat(spanAfter(window, moment)).isEqualTo(new DailyWindow.Span(Instant.parse(start), Instant.parse(end)));
    }

    @Test
    void isOpenFromItsFirstMomentToBeforeItsEndAcrossMidnight() {
        var window = DailyWindow.parse("22:00-02:00");
        assertThat(window.current(Instant.parse("2026-11-28T22:00:00Z"), ZoneOffset.UTC))
                .isPresent();
        assertThat(window.current(Instant.parse("2026-11-29T01:59:59Z"), ZoneOffset.UTC))
                .isPresent();
        assertThat(window.current(Instant.parse("2026-11-29T02:00:00Z"), ZoneOffset.UTC))
                .isEmpty();
        assertThat(window.current(Instant.parse("2026-11-28T21:59:59Z"), ZoneOffset.UTC))
                .isEmpty();
        assertThat(window.length()).isEqualTo(Duration.ofHours(4));
        assertThat(DailyWindow.WHOLE_DAY.length()).isEqualTo(Duration.ofDays(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"01:00-05:00", "22:00-02:00", "00:00-24:00", "20:00-24:00"})
    void isPrintedAsItIsParsed(String text) {
        assertThat(DailyWindow.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1-5", "01:00", "01:00-01:00", "24:00-05:00", "01:00-24:30", "01:60-02:00", "a:b-c:d"})
    void refusesWhatIsNoTimeOfDay(String text) {
        assertThatThrownBy(() -> DailyWindow.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'");
    }
}
