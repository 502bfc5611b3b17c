// SPDX-License-Identifier: Apache-2.0
package io.millrace.units;

import io.millrace.posix.libc.ByteRange;
import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A number of bytes with its textual form: {@code 4096}, {@code 64MiB} (powers of 1024), {@code 1GB} (powers of 1000),
 * {@code 1.5GiB}. Immutable.
 *
 * @param bytes 0 or more
 */
public record ByteSize(long bytes) {
    /** Longer numbers are slow to parse and always invalid. */
    private static final Pattern FORM = Pattern.compile("([0-9]{1,100}(?:\\.[0-9]{1,100})?) ?([A-Za-z]*)");

    private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    private static final Map<String, Long> UNITS = Map.ofEntries(
            Map.entry("", 1L),
            Map.entry("B", 1L),
            Map.entry("kB", 1_000L),
            Map.entry("KB", 1_000L),
            Map.entry("MB", 1_000_000L),
            Map.entry("GB", 1_000_000_000L),
            Map.entry("TB", 1_000_000_000_000L),
            Map.entry("PB", 1_000_000_000_000_000L),
            Map.entry("KiB", 1L << 10),
            Map.entry("MiB", 1L << 20),
            Map.entry("GiB", 1L << 30),
            Map.entry("TiB", 1L << 40),
            Map.entry("PiB", 1L << 50));

    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("a size cannot be negative: " + bytes);
        }
    }

    /** Throws an {@link IllegalArgumentException} whose message says what is wrong with the text. */
    public static ByteSize parse(String text) {
        var form = FORM.matcher(text.strip());
        Long unit = form.matches() ? UNITS.get(form.group(2)) : null;
        if (unit == null) {
            throw new IllegalArgumentException("'" + text + "' is not a size; write 4096, 64MiB or 1GB");
        }
        var bytes = new BigDecimal(form.group(1)).multiply(BigDecimal.valueOf(unit));
        if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw new IllegalArgumentException("'" + text + "' is more than a file can hold (8 EiB - 1)");
        }
        if (bytes.stripTrailingZeros().scale() > 0) {
            throw new IllegalArgumentException("'" + text + "' is not a whole number of bytes");
        }
        return new ByteSize(bytes.longValueExact());
    }

    /** Whether this is a valid unit, such as {@code MiB}. */
    public static boolean isUnit(String word) {
        return word.length() > 1 && UNITS.containsKey(word);
    }

    /** Formats a size for people: at most four digits and a binary unit, {@code 512 B}, {@code 1.50 GiB}. */
    public static String format(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1023.5 && unit < BINARY.length - 1) {
            value /= 1024;
            unit++;
        }
        int decimals = unit == 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
        return Decimals.format(value, decimals) + " " + BINARY[unit];
    }

    @Override
    public String toString() {
        return format(bytes);
    }

    /** Adds two byte counts, saturating at {@link Long#MAX_VALUE}: a single sparse file can have that size. */
    public static long sum(long bytes, long more) {
        return ByteRange.endOf(bytes, more);
    }
}
