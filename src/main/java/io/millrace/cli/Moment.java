// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Times as the service tells them, to the second. */
final class Moment {
    private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private Moment() {}

    /** By the clock on this machine's wall. */
    static String forPeople(String told) {
        return LOCAL.format(Instant.parse(told).atZone(ZoneId.systemDefault()));
    }

    /** {@code 2026-11-23T12:00:00Z}. */
    static @Nullable String forPrograms(@Nullable String told) {
        return told == null
                ? null
                : Instant.parse(told).truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
