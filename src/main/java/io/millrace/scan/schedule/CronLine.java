// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.schedule;

import io.millrace.posix.libc.BytePath;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;

/**
 * A crontab(5) line, whose run times follow Debian's cron(8). Immutable; any thread.
 *
 * <p>A line is <em>fixed</em> if neither its minute nor its hour starts with {@code *}. If the local time changes by
 * less than {@link #SMALL_CHANGE}, a fixed line that would have run in the skipped time runs right after the change,
 * and one in the repeated time runs only in the first pass. All other lines, and all lines at a larger change, follow
 * the wall clock: skipped times are skipped, and repeated times are repeated.
 */
public final class CronLine {
    /** Changes of the local time or of the clock by at least this much count as corrections: cron(8). */
    static final Duration SMALL_CHANGE = Duration.ofHours(3);

    private static final Map<String, String> NICKNAMES = Map.of(
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *",
            "@monthly", "0 0 1 * *",
            "@weekly", "0 0 * * 0",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@hourly", "0 * * * *");

    private static final int MAX_CHARACTERS = 256;
    private static final int FIELDS = 5;
    private static final int DAYS_OF_WEEK = 7;

    /** A 29 February on a given day of the week, for example, occurs at least once in 40 years. */
    private static final int MAX_YEARS_AHEAD = 41;

    /** An arbitrary time, sufficient to find out whether a day occurs at all. */
    private static final Instant SOME_DAY = Instant.parse("2026-01-01T00:00:00Z");

    private final BitSet minutes;
    private final BitSet hours;
    private final BitSet daysOfMonth;
    private final BitSet months;
    private final BitSet daysOfWeek;
    private final boolean eitherDay;
    private final boolean fixed;

    private CronLine(String[] fields) {
        minutes = CronField.MINUTE.parse(fields[0]);
        hours = CronField.HOUR.parse(fields[1]);
        daysOfMonth = CronField.DAY_OF_MONTH.parse(fields[2]);
        months = CronField.MONTH.parse(fields[3]);
        daysOfWeek = CronField.DAY_OF_WEEK.parse(fields[4]);
        eitherDay = !CronField.isWildcard(fields[2]) && !CronField.isWildcard(fields[4]);
        fixed = !CronField.isWildcard(fields[0]) && !CronField.isWildcard(fields[1]);
    }

    /** @throws IllegalArgumentException whose message says in one line what is wrong with the expression */
    static CronLine parse(String expression) {
        if (expression.length() > MAX_CHARACTERS) {
            throw new IllegalArgumentException("a cron line is longer than " + MAX_CHARACTERS + " characters");
        }
        String line = String.join(" ", expression.strip().split("\\s+"));
        if (line.equals("@reboot")) {
            throw bad(expression, "is not a time of day; use at-start instead");
        }
        String[] fields = NICKNAMES.getOrDefault(line, line).split(" ");
        if (fields.length != FIELDS) {
            throw bad(expression, "is not a crontab(5) line: it needs 5 fields or a nickname such as @daily");
        }
        try {
            return new CronLine(fields);
        } catch (IllegalArgumentException e) {
            String why = BytePath.display(BytePath.encode(String.valueOf(e.getMessage())));
            throw bad(expression, "is not a crontab(5) line: " + why);
        }
    }

    /** @throws IllegalArgumentException like {@link #parse}, and if no day ever matches */
    static void check(String expression) {
        if (parse(expression).next(SOME_DAY, ZoneOffset.UTC).isEmpty()) {
            throw bad(expression, "names a day that does not exist");
        }
    }

    private static IllegalArgumentException bad(String expression, String why) {
        return new IllegalArgumentException("'" + BytePath.display(BytePath.encode(expression)) + "' " + why);
    }

    /** Whether cron(8) treats it as a line that runs at a specific time. */
    boolean isFixed() {
        return fixed;
    }

    /**
     * Returns the first moment after {@code after} at which the line is due. It iterates over the intervals between
     * transitions of the local time, within each of which the local time only increases.
     */
    Optional<Instant> next(Instant after, ZoneId zone) {
        ZoneRules rules = zone.getRules();
        LocalDateTime from = LocalDateTime.ofInstant(after, zone)
                .truncatedTo(ChronoUnit.MINUTES)
                .plusMinutes(1);
        LocalDateTime limit = from.plusYears(MAX_YEARS_AHEAD);
        ZoneOffsetTransition last = rules.previousTransition(after.plusNanos(1));
        if (last != null && repeatsNothingAfter(last) && from.isBefore(last.getDateTimeBefore())) {
            from = wholeMinute(last.getDateTimeBefore());
        }
        for (Instant at = after; from.isBefore(limit); ) {
            ZoneOffsetTransition change = rules.nextTransition(at);
            Optional<LocalDateTime> due = firstMatch(from, change == null ? limit : change.getDateTimeBefore());
            if (due.isPresent() || change == null) {
                ZoneOffset offset = rules.getOffset(at);
                return due.map(local -> local.toInstant(offset));
            }
            if (isMadeUp(change)) {
                return Optional.of(change.getInstant());
            }
            from = wholeMinute(repeatsNothingAfter(change) ? change.getDateTimeBefore() : change.getDateTimeAfter());
            at = change.getInstant();
        }
        return Optional.empty();
    }

    private static LocalDateTime wholeMinute(LocalDateTime time) {
        LocalDateTime whole = time.truncatedTo(ChronoUnit.MINUTES);
        return whole.equals(time) ? whole : whole.plusMinutes(1);
    }

    private boolean repeatsNothingAfter(ZoneOffsetTransition change) {
        return fixed && change.isOverlap() && isSmall(change);
    }

    private boolean isMadeUp(ZoneOffsetTransition change) {
        return fixed
                && change.isGap()
                && isSmall(change)
                && firstMatch(wholeMinute(change.getDateTimeBefore()), change.getDateTimeAfter())
                        .isPresent();
    }

    private static boolean isSmall(ZoneOffsetTransition change) {
        return change.getDuration().abs().compareTo(SMALL_CHANGE) < 0;
    }

    /** Returns the first match in local time from {@code from}, a whole minute, and before {@code to}. */
    private Optional<LocalDateTime> firstMatch(LocalDateTime from, LocalDateTime to) {
        LocalDateTime time = from;
        while (time.isBefore(to)) {
            LocalDate day = time.toLocalDate();
            if (!months.get(day.getMonthValue())) {
                time = day.withDayOfMonth(1).plusMonths(1).atStartOfDay();
                continue;
            }
            Optional<LocalDateTime> match = isOn(day) ? firstOfDay(time) : Optional.empty();
            if (match.isPresent()) {
                return match.filter(to::isAfter);
            }
            time = day.plusDays(1).atStartOfDay();
        }
        return Optional.empty();
    }

    private boolean isOn(LocalDate day) {
        boolean month = daysOfMonth.get(day.getDayOfMonth());
        boolean week = daysOfWeek.get(day.getDayOfWeek().getValue() % DAYS_OF_WEEK);
        return eitherDay ? month || week : month && week;
    }

    private Optional<LocalDateTime> firstOfDay(LocalDateTime from) {
        int minute = hours.get(from.getHour()) ? minutes.nextSetBit(from.getMinute()) : -1;
        int hour = minute >= 0 ? from.getHour() : hours.nextSetBit(from.getHour() + 1);
        if (hour < 0) {
            return Optional.empty();
        }
        return Optional.of(from.toLocalDate().atTime(hour, minute >= 0 ? minute : minutes.nextSetBit(0)));
    }
}
