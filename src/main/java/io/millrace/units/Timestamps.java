// SPDX-License-Identifier: Apache-2.0
package io.millrace.units;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * Formats instants, to the second, in the same two ways everywhere: for people {@code 2026-11-28 11:03:22 +01:00}, for
 * programs {@code 2026-11-28T10:03:22Z}. The offset is used because zone names differ between JDK versions. Stateless;
 * any thread.
 */
public final class Timestamps {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss xxx", Locale.ROOT);

    private Timestamps() {}

    /** Formats in the default time zone. */
    public static String format(Instant at) {
        return format(at, ZoneId.systemDefault());
    }

    public static String format(Instant at, ZoneId zone) {
        return FORMAT.format(at.atZone(zone));
    }

    /** Formats for programs: ISO 8601, UTC. */
    public static String utc(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
