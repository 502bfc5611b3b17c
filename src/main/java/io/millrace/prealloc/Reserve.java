// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import io.millrace.posix.FileSystemStatus;
import io.millrace.units.ByteSize;
import io.millrace.units.Percent;
import java.util.Locale;

/**
 * Free space that preallocation must leave: the larger of a number of bytes and a percentage of the file system.
 *
 * @param bytes 0 or more
 * @param percent of the file system's size, 0 to 100
 */
public record Reserve(long bytes, double percent) {
    /** Only the blocks that the file system itself reserves for root. */
    public static final Reserve NONE = new Reserve(0, 0);

    private static final double ALL = 100;

    /** Throws an {@link IllegalArgumentException} whose message says what is wrong. */
    public Reserve {
        if (bytes < 0 || !(percent >= 0 && percent <= ALL)) {
            throw new IllegalArgumentException(
                    "a reserve is a size or 0% to 100%, not " + bytes + " or " + percent + "%");
        }
    }

    /**
     * Parses {@code 10%}, {@code 2.5%}, or a {@link ByteSize}. Throws an {@link IllegalArgumentException} as that
     * does, and for a percentage without its sign.
     */
    public static Reserve parse(String text) {
        String trimmed = text.strip();
        if (trimmed.endsWith("%")) {
            return new Reserve(0, Percent.parse(text));
        }
        long bytes;
        try {
            bytes = ByteSize.parse(trimmed).bytes();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' is not a reserve; write 10GiB, or 0% to 100%", e);
        }
        if (bytes > 0 && bytes <= ALL && Character.isDigit(trimmed.charAt(trimmed.length() - 1))) {
            throw new IllegalArgumentException(
                    "'" + text + "' would be bytes; write " + trimmed + "% or " + trimmed + "GiB");
        }
        return new Reserve(bytes, 0);
    }

    /** Bytes that must stay free on this file system. */
    public long floorBytes(FileSystemStatus fileSystem) {
        return Math.max(bytes, (long) Math.ceil(fileSystem.totalBytes() * (percent / ALL)));
    }

    @Override
    public String toString() {
        return percent > 0 ? String.format(Locale.ROOT, "%s%%", percent) : ByteSize.format(bytes);
    }
}
