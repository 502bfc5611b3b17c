// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.output;

import io.millrace.units.Timestamps;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Formats times that the service reports, with a precision of seconds. */
public final class TimeFormat {
    private TimeFormat() {}

    /** Returns {@code 2026-11-23 13:00:00 +01:00}, in the time zone of this machine. */
    public static String forPeople(String told) {
        return Timestamps.format(Instant.parse(told));
    }

    /** Returns {@code 2026-11-23T12:00:00Z}. */
    public static @Nullable String forPrograms(@Nullable String told) {
        return told == null
                ? null
                : Instant.parse(told).truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
