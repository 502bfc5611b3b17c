// SPDX-License-Identifier: Apache-2.0
package io.millrace.units;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Instants as people read them, everywhere the same: {@code 2026-11-28 11:03:22 +01:00}. The offset, since names of zones differ from one JDK to the next. */
public final class Timestamps {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss xxx", Locale.ROOT);

    private Timestamps() {}

    /** By the clock of this machine. */
    public static String format(Instant at) {
        return format(at, ZoneId.systemDefault());
    }

    public static String format(Instant at, ZoneId zone) {
        return FORMAT.format(at.atZone(zone));
    }
}
