// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.lifecycle.Timestamps;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Times as the service tells them, to the second. */
final class Moment {
    private Moment() {}

    /** {@code 2026-11-23 13:00:00 CET}, by the clock of this machine. */
    static String forPeople(String told) {
        return Timestamps.format(Instant.parse(told));
    }

    /** {@code 2026-11-23T12:00:00Z}. */
    static @Nullable String forPrograms(@Nullable String told) {
        return told == null
                ? null
                : Instant.parse(told).truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
