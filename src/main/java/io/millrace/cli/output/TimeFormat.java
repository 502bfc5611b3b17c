// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.output;

import io.millrace.units.Timestamps;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Times as the service tells them, to the second. */
public final class TimeFormat {
    private TimeFormat() {}

    /** {@code 2026-11-23 13:00:00 +01:00}, by the clock of this machine. */
    public static String forPeople(String told) {
        return Timestamps.format(Instant.parse(told));
    }

    /** {@code 2026-11-23T12:00:00Z}. */
    public static @Nullable String forPrograms(@Nullable String told) {
        return told == null
                ? null
                : Instant.parse(told).truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
