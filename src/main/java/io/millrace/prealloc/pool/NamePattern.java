// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import io.millrace.posix.libc.BytePath;
import java.util.OptionalLong;

/**
 * How a pool's files are called: a text with one number in it, as {@code segment-%016x} or {@code wal.%d}. Immutable.
 *
 * @param text one of {@code %d}, {@code %x}, {@code %0Nd} and {@code %0Nx}, the last two with zeros in front up to N
 *     digits; {@code %%} is a percent sign; bytes that are not UTF-8 stand as in {@link BytePath#of(String)}
 */
public record NamePattern(String text) {
    /** What file systems allow for one name. */
    private static final int MAX_BYTES = 255;

    /** Throws {@link IllegalArgumentException} that says what is wrong. */
    public NamePattern {
        byte[] longest = FileNameFormat.of(text).name(Long.MAX_VALUE);
        if (longest.length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "the names would have up to " + longest.length + " bytes, more than " + MAX_BYTES);
        }
        if (longest[0] == '.') {
            throw new IllegalArgumentException("a name that begins with a dot would be hidden");
        }
        for (byte b : longest) {
            if (b == '/' || b == 0) {
                throw new IllegalArgumentException("a name has no " + (b == 0 ? "NUL byte" : "slash") + " in it");
            }
        }
    }

    /** The name with this number, 0 and more; {@link IllegalArgumentException} for a negative one. */
    public String name(long number) {
        return BytePath.decode(form().name(number));
    }

    /** The number in a name that {@link #name} could have given; empty for any other name. */
    public OptionalLong number(byte[] name) {
        return form().number(name);
    }

    @Override
    public String toString() {
        return text;
    }

    /** For thousands of names. */
    FileNameFormat form() {
        return FileNameFormat.of(text);
    }
}
