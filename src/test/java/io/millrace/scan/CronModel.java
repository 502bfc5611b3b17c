// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.scan.schedule.CronLine;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A line of crontab(5) run as the main loop of Debian's cron(8) runs it: it wakes every minute, compares the local time
 * with the virtual time up to which it has run fixed jobs, and catches up where the local time jumped ahead, or holds
 * fixed jobs back where it jumped back, unless the jump is of three hours and more. Shares nothing with {@link CronLine}.
 */
public record CronModel(
        Set<Integer> minutes, Set<Integer> hours, Set<Integer> days, Set<Integer> months, Set<Integer> weekdays) {
    private static final int LARGE_JUMP_MINUTES = 3 * 60;

    /** An empty set stands for {@code *}. Mostly nightly, since clocks are changed at night. */
    public static CronModel random(Random random) {
        boolean rare = random.nextInt(3) == 0;
        return new CronModel(
                random.nextInt(10) == 0 ? Set.of() : someOrZero(random),
                some(random, random.nextBoolean() ? 4 : 24, 0),
                rare ? some(random, 28, 1) : Set.of(),
                rare ? some(random, 12, 1) : Set.of(),
                rare ? some(random, 7, 0) : Set.of());
    }

    public static CronModel at(int hour, int minute) {
        return new CronModel(Set.of(minute), Set.of(hour), Set.of(), Set.of(), Set.of());
    }

    private static Set<Integer> someOrZero(Random random) {
        Set<Integer> minutes = some(random, 60, 0);
        return minutes.isEmpty() ? Set.of(0) : minutes;
    }

    private static Set<Integer> some(Random random, int bound, int min) {
        var values = new TreeSet<Integer>();
        for (int i = random.nextInt(4); i > 0; i--) {
            values.add(min + random.nextInt(bound));
        }
        return values;
    }

    public String text() {
        return field(minutes) + " " + field(hours) + " " + field(days) + " " + field(months) + " " + field(weekdays);
    }

    public String describe(ZoneId zone, Instant after, long seed) {
        return "seed " + seed + ": '" + text() + "' in " + zone + " after " + after.atZone(zone);
    }

    private static String field(Set<Integer> values) {
        return values.isEmpty() ? "*" : values.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    /** The moments of its runs after {@code from}, which is a whole minute, and before {@code to}. */
    public List<Instant> runs(ZoneId zone, Instant from, Instant to) {
        ZoneRules rules = zone.getRules();
        boolean wild = minutes.isEmpty() || hours.isEmpty();
        var runs = new ArrayList<Instant>();
        long virtual = localMinute(rules, from);
        ZoneOffset offset = rules.getOffset(from);
        ZoneOffsetTransition change = rules.nextTransition(from);
        for (long second = from.getEpochSecond() + 60; second < to.getEpochSecond(); second += 60) {
            if (change != null && second >= change.toEpochSecond()) {
                offset = change.getOffsetAfter();
                change = rules.nextTransition(change.getInstant());
            }
            long now = Math.floorDiv(second + offset.getTotalSeconds(), 60L);
            long jump = now - virtual;
            boolean run = false;
            if (jump > LARGE_JUMP_MINUTES || jump <= -LARGE_JUMP_MINUTES + 1) { // a minute passed as well
                virtual = now;
                run = isAt(now);
            } else if (jump > 0) {
                run = wild && isAt(now);
                while (virtual < now) {
                    virtual++;
                    run |= !wild && isAt(virtual);
                }
            } else {
                run = wild && isAt(now);
            }
            if (run) {
                runs.add(Instant.ofEpochSecond(second));
            }
        }
        return runs;
    }

    private static long localMinute(ZoneRules rules, Instant time) {
        return Math.floorDiv(time.getEpochSecond() + rules.getOffset(time).getTotalSeconds(), 60L);
    }

    private boolean isAt(long localMinute) {
        int minuteOfDay = (int) Math.floorMod(localMinute, 1440L);
        if (!isIn(minutes, minuteOfDay % 60) || !isIn(hours, minuteOfDay / 60)) {
            return false;
        }
        var date = LocalDateTime.ofEpochSecond(localMinute * 60, 0, ZoneOffset.UTC);
        boolean day = isIn(days, date.getDayOfMonth());
        boolean weekday = isIn(weekdays, date.getDayOfWeek().getValue() % 7);
        boolean either = !days.isEmpty() && !weekdays.isEmpty();
        return isIn(months, date.getMonthValue()) && (either ? day || weekday : day && weekday);
    }

    private static boolean isIn(Set<Integer> values, int value) {
        return values.isEmpty() || values.contains(value);
    }
}
