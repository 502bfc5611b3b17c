// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.catalog.coverage.CoveragePlan;
import io.millrace.catalog.record.Amount;
import io.millrace.scan.catalog.CoverageStatus;
import io.millrace.units.ByteSize;
import io.millrace.units.Durations;
import io.millrace.units.Text;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** Formats values for people, in every place where they are shown. Stateless; any thread. */
public final class DisplayFormat {
    /** Shown if there is no value. */
    public static final String NOTHING = "–";

    private static final int REPLACEMENT = 0xFFFD;
    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    private static final double LONGEST_SECONDS = 1000.0 * DAY;

    private DisplayFormat() {}

    public static String bytes(long bytes) {
        return ByteSize.format(Math.max(0, bytes));
    }

    public static String rate(double bytesPerSecond) {
        return bytes(Math.round(bytesPerSecond)) + "/s";
    }

    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    public static String count(long count, String thing) {
        return count(count) + " " + thing + (count == 1 ? "" : "s");
    }

    /** Formats a duration with at most two units: {@code 42 s}, {@code 2 h 5 min}, {@code 4 d 3 h}. */
    public static String span(double seconds) {
        if (seconds > LONGEST_SECONDS) {
            return "more than 1,000 d";
        }
        long whole = Math.max(0, Math.round(seconds));
        if (whole < MINUTE) {
            return whole + " s";
        }
        if (whole < HOUR) {
            return two(whole, MINUTE, "min", 1, "s");
        }
        return whole < DAY ? two(whole, HOUR, "h", MINUTE, "min") : two(whole, DAY, "d", HOUR, "h");
    }

    private static String two(long seconds, long large, String largeName, long small, String smallName) {
        long rest = seconds % large / small;
        return seconds / large + " " + largeName + (rest == 0 ? "" : " " + rest + " " + smallName);
    }

    public static String ago(Optional<Instant> then, Instant now, String never) {
        return then.map(at -> span(Duration.between(at, now).toSeconds()) + " ago")
                .orElse(never);
    }

    public static String until(Optional<Instant> then, Instant now) {
        return then.map(at ->
                        at.isAfter(now) ? "in " + span(Duration.between(now, at).toSeconds()) : "due")
                .orElse(NOTHING);
    }

    /** Returns a schedule as {@link StatusJson#schedule} has it, and other words for never. */
    public static String schedule(String schedule) {
        return schedule.equals(StatusJson.NEVER) ? "on request" : schedule;
    }

    /** Says that the kernel has not returned from a call for so long. */
    public static String stalled(double seconds) {
        return "no reply from the kernel for " + span(seconds);
    }

    /**
     * Replaces by U+FFFD each character that a browser would interpret or not show; names may contain any character.
     */
    public static String shown(String text) {
        return text.codePoints()
                .map(c -> Text.isPrintable(c) ? c : REPLACEMENT)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** Returns {@code 98.7 % of bytes verified on the device within 30d, 1.1 % live, 0.2 % unreadable or corrupt}. */
    public static String coverage(CoverageStatus source) {
        CoveragePlan.Summary now = source.plan().summary();
        var text = new StringBuilder(percent(source, now.kept()))
                .append(" of bytes verified on the device within ")
                .append(Durations.format(source.spec().within()));
        add(text, source, now.fresh(), "new");
        add(text, source, now.late(), "late");
        add(text, source, now.live(), "live");
        add(text, source, now.unsettled(), "unsettled");
        add(text, source, now.bad(), "unreadable or corrupt");
        return text.toString();
    }

    private static void add(StringBuilder text, CoverageStatus source, Amount amount, String what) {
        if (amount.files() > 0) {
            text.append(", ").append(percent(source, amount)).append(' ').append(what);
        }
    }

    private static String percent(CoverageStatus source, Amount amount) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * source.share(amount.bytes()));
    }
}
