// SPDX-License-Identifier: Apache-2.0
package io.millrace.units;

/**
 * A limit in bytes per second with its textual form: a {@link ByteSize} with its unit, with or without {@code /s}, as
 * {@code 200MiB} or {@code 1GB/s}; {@code none} or {@code 0} for no limit. Immutable.
 *
 * @param bytesPerSecond {@link #UNLIMITED}, or at least 1
 */
public record ByteRate(long bytesPerSecond) {
    /** The number that means no limit. */
    public static final long UNLIMITED = 0;

    private static final String NONE = "none";
    private static final String PER_SECOND = "/s";

    public ByteRate {
        if (bytesPerSecond < 0) {
            throw new IllegalArgumentException("a rate cannot be negative: " + bytesPerSecond);
        }
    }

    /**
     * Throws an {@link IllegalArgumentException} whose message says what is wrong with the text. A bare number is
     * rejected, because it hardly means bytes.
     */
    public static ByteRate parse(String text) {
        String size = text.strip();
        if (size.equals(NONE)) {
            return new ByteRate(UNLIMITED);
        }
        size = size.endsWith(PER_SECOND) ? size.substring(0, size.length() - PER_SECOND.length()) : size;
        long bytes;
        try {
            bytes = ByteSize.parse(size).bytes();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' is not a rate; write 200MiB/s, 1GB/s or none", e);
        }
        if (bytes > 0 && Character.isDigit(size.charAt(size.length() - 1))) {
            throw new IllegalArgumentException(
                    "'" + text + "' has no unit; write " + size + "MiB/s or " + size + "B/s");
        }
        return new ByteRate(bytes);
    }

    /** Formats a measured rate for people: {@code 12.5 MiB/s}. */
    public static String format(double bytesPerSecond) {
        return ByteSize.format(Math.round(bytesPerSecond)) + PER_SECOND;
    }

    @Override
    public String toString() {
        return bytesPerSecond == UNLIMITED ? NONE : format(bytesPerSecond);
    }
}
