// SPDX-License-Identifier: Apache-2.0
package io.millrace.units;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimestampsTest {
    /** Twice 02:30 in one night: only the zone tells them apart. */
    @ParameterizedTest
    @CsvSource({
        "2026-10-25T00:30:00.9Z, Europe/Berlin, 2026-10-25 02:30:00 +02:00",
        "2026-10-25T01:30:00.9Z, Europe/Berlin, 2026-10-25 02:30:00 +01:00",
        "2026-10-25T01:30:00Z, UTC, 2026-10-25 01:30:00 +00:00",
        "2026-10-25T01:30:00Z, +05:30, 2026-10-25 07:00:00 +05:30",
    })
    void haveDateTimeAndZone(Instant at, String zone, String words) {
        assertThat(Timestamps.format(at, ZoneId.of(zone))).isEqualTo(words);
    }

    @Test
    void areByTheClockOfThisMachine() {
        assertThat(Timestamps.format(Instant.EPOCH))
                .isEqualTo(Timestamps.format(Instant.EPOCH, ZoneId.systemDefault()));
    }
}
