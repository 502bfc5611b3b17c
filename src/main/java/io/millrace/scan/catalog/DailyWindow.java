// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.catalog;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A time of day, {@code 01:00-05:00}, which may span midnight. Where the local time changes, both ends follow cron(8): a time that
 * is skipped is right after the change, and of a time that is repeated the first one counts. Immutable; any thread.
 *
 * @param from its first minute
 * @param to the minute after it; equal to {@code from} for a whole day
 */
public record DailyWindow(LocalTime from, LocalTime to) {
    public static final DailyWindow WHOLE_DAY = new DailyWindow(LocalTime.MIDNIGHT, LocalTime.MIDNIGHT);

    private static final Pattern FORM = Pattern.compile("([01]\\d|2[0-3]):([0-5]\\d)-([01]\\d|2[0-4]):([0-5]\\d)");
    private static final int HOURS = 24;

    /** One night's window. */
    public record Span(Instant start, Instant end) {
        public boolean contains(Instant moment) {
            return !moment.isBefore(start) && moment.isBefore(end);
        }
    }

    /** @throws IllegalArgumentException whose message says in one line what is wrong with the text */
    public static DailyWindow parse(String text) {
        var form = FORM.matcher(text.strip());
        boolean isTime =
                form.matches() && (!form.group(3).equals("24") || form.group(4).equals("00"));
        if (!isTime) {
            throw new IllegalArgumentException("'" + text + "' is not a time of day; write \"01:00-05:00\"");
        }
        LocalTime from = LocalTime.of(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)));
        int hour = Integer.parseInt(form.group(3));
        LocalTime to = LocalTime.of(hour % HOURS, Integer.parseInt(form.group(4)));
        if (from.equals(to) && hour != HOURS) {
            throw new IllegalArgumentException(
                    "'" + text + "' ends when it begins; write \"00:00-24:00\" for the whole day");
        }
        return new DailyWindow(from, to);
    }

    /** Its length on a day without a change of the local time. */
    public Duration length() {
        Duration between = Duration.between(from, to);
        return between.isNegative() || between.isZero() ? between.plusDays(1) : between;
    }

    /** The window that is open at this moment. */
    public Optional<Span> current(Instant now, ZoneId zone) {
        LocalDate today = LocalDate.ofInstant(now, zone);
        for (LocalDate day : new LocalDate[] {today.minusDays(1), today}) {
            Span span = on(day, zone);
            if (span.contains(now)) {
                return Optional.of(span);
            }
        }
        return Optional.empty();
    }

    /** The first window that opens after this moment. */
    public Span next(Instant now, ZoneId zone) {
        LocalDate day = LocalDate.ofInstant(now, zone);
        Span span = on(day, zone);
        while (!span.start().isAfter(now) || !span.start().isBefore(span.end())) {
            day = day.plusDays(1);
            span = on(day, zone);
        }
        return span;
    }

    private Span on(LocalDate day, ZoneId zone) {
        LocalDate last = to.isAfter(from) ? day : day.plusDays(1);
        return new Span(instant(day.atTime(from), zone), instant(last.atTime(to), zone));
    }

    private static Instant instant(LocalDateTime local, ZoneId zone) {
        ZoneOffsetTransition change = zone.getRules().getTransition(local);
        return change != null && change.isGap()
                ? change.getInstant()
                : local.atZone(zone).withEarlierOffsetAtOverlap().toInstant();
    }

    @Override
    public String toString() {
        return from + "-" + (to.equals(LocalTime.MIDNIGHT) ? "24:00" : to.toString());
    }
}
