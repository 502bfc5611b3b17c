// SPDX-License-Identifier: Apache-2.0
package io.millrace.units;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Parses and formats durations: {@code 500ms}, {@code 30s}, {@code 1.5h}, {@code 7d}. Never negative. Stateless; any
 * thread.
 */
public final class Durations {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,9})?) ?(ms|s|m|h|d)");
    private static final Map<String, Duration> UNITS = Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1));
    private static final String[] LARGEST_FIRST = {"d", "h", "m", "s"};

    /** Small enough that sums of several fit into a {@code long} of nanoseconds, which holds 292 years. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private Durations() {}

    /**
     * Throws an {@link IllegalArgumentException} whose message says what is wrong with the text. The unit is
     * mandatory.
     */
    public static Duration parse(String text) {
        var form = FORM.matcher(text.strip());
        Duration unit = form.matches() ? UNITS.get(form.group(2)) : null;
        if (unit == null) {
            throw new IllegalArgumentException("'" + text + "' is not a duration; write 500ms, 30s, 5m, 24h or 7d");
        }
        var nanos = new BigDecimal(form.group(1)).multiply(BigDecimal.valueOf(unit.toNanos()));
        if (nanos.compareTo(BigDecimal.valueOf(LONGEST.toNanos())) > 0) {
            throw new IllegalArgumentException("'" + text + "' is more than 36500d");
        }
        if (nanos.stripTrailingZeros().scale() > 0) {
            throw new IllegalArgumentException("'" + text + "' is finer than a nanosecond");
        }
        return Duration.ofNanos(nanos.longValueExact());
    }

    /**
     * Formats in the largest unit that needs no fraction, {@code 90s}, {@code 2h}; up to 36500d {@link #parse} returns
     * the same duration.
     */
    public static String format(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("a length of time cannot be negative: " + duration);
        }
        if (duration.isZero()) {
            return "0s";
        }
        for (String name : LARGEST_FIRST) {
            Duration unit = UNITS.getOrDefault(name, Duration.ZERO);
            long count = duration.dividedBy(unit);
            if (unit.multipliedBy(count).equals(duration)) {
                return count + name;
            }
        }
        var millis = new BigDecimal(duration.getSeconds())
                .scaleByPowerOfTen(3)
                .add(BigDecimal.valueOf(duration.getNano(), 6));
        return millis.stripTrailingZeros().toPlainString() + "ms";
    }
}
