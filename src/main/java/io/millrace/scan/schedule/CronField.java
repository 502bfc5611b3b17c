// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.schedule;

import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * One of the five fields of a crontab(5) line: a list of {@code *}, numbers, names, ranges and steps. Immutable; any
 * thread.
 */
enum CronField {
    MINUTE("minute", 0, 59, List.of()),
    HOUR("hour", 0, 23, List.of()),
    DAY_OF_MONTH("day of the month", 1, 31, List.of()),
    MONTH("month", 1, 12, List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")),
    /** 0 and 7 both mean Sunday; the result contains only 0. */
    DAY_OF_WEEK("day of the week", 0, 7, List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat"));

    private static final int MAX_DIGITS = 4;
    private static final int SUNDAY_AS_LAST = 7;

    private final String label;
    private final int min;
    private final int max;
    private final List<String> names;

    CronField(String label, int min, int max, List<String> names) {
        this.label = label;
        this.min = min;
        this.max = max;
        this.names = names;
    }

    /**
     * Whether cron treats the field as unrestricted, which is the case if it starts with {@code *}, even with a step.
     */
    static boolean isWildcard(String text) {
        return text.startsWith("*");
    }

    /** @throws IllegalArgumentException whose message says which part is wrong */
    BitSet parse(String text) {
        var values = new BitSet(max + 1);
        for (String part : text.split(",", -1)) {
            add(part, values);
        }
        if (this == DAY_OF_WEEK && values.get(SUNDAY_AS_LAST)) {
            values.clear(SUNDAY_AS_LAST);
            values.set(0);
        }
        return values;
    }

    private void add(String part, BitSet values) {
        int slash = part.indexOf('/');
        String range = slash < 0 ? part : part.substring(0, slash);
        int dash = range.indexOf('-');
        if (slash >= 0 && dash < 0 && !range.equals("*")) {
            throw new IllegalArgumentException(label + " '" + part + "': a step needs a range or *");
        }
        int step = slash < 0 ? 1 : number(part.substring(slash + 1), "step");
        if (step == 0) {
            throw new IllegalArgumentException(label + " '" + part + "': a step must be at least 1");
        }
        int first = range.equals("*") ? min : value(dash < 0 ? range : range.substring(0, dash));
        int last = range.equals("*") ? max : dash < 0 ? first : value(range.substring(dash + 1));
        if (this == DAY_OF_WEEK && last == 0 && dash >= 0) {
            last = SUNDAY_AS_LAST; // fri-sun
        }
        if (first > last) {
            throw new IllegalArgumentException(label + " '" + part + "': the range ends before it begins");
        }
        for (int value = first; value <= last; value += step) {
            values.set(value);
        }
    }

    private int value(String text) {
        int named = names.indexOf(text.toLowerCase(Locale.ROOT));
        if (named >= 0) {
            return min + named;
        }
        int value = number(text, label);
        if (value < min || value > max) {
            throw new IllegalArgumentException(label + " " + value + " is not in " + min + "-" + max);
        }
        return value;
    }

    private static int number(String text, String what) {
        boolean digits = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits || text.length() > MAX_DIGITS) {
            throw new IllegalArgumentException(what + " '" + text + "' is not a valid number there");
        }
        return Integer.parseInt(text);
    }
}
