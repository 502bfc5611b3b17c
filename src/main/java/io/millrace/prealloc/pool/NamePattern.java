// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import io.millrace.posix.libc.BytePath;
import java.util.OptionalLong;

/**
 * The name pattern of a pool's files: a text with one number in it, such as {@code segment-%016x} or {@code wal.%d}.
 * Immutable.
 *
 * @param text contains one of {@code %d}, {@code %x}, {@code %0Nd} and {@code %0Nx}, the last two padded with zeros to
 *     N digits; {@code %%} is a percent sign; bytes that are not UTF-8 are written as in {@link BytePath#of(String)}
 */
public record NamePattern(String text) {
    /** NAME_MAX of Linux file systems. */
    private static final int MAX_BYTES = 255;

    /** Throws an {@link IllegalArgumentException} whose message says what is wrong. */
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

    /** Returns the name with this number, 0 or more; throws {@link IllegalArgumentException} for a negative one. */
    public String name(long number) {
        return BytePath.decode(form().name(number));
    }

    /** Returns the number in a name that {@link #name} could have produced; empty for any other name. */
    public OptionalLong number(byte[] name) {
        return form().number(name);
    }

    @Override
    public String toString() {
        return text;
    }

    /** Returns the parsed pattern, for many names. */
    FileNameFormat form() {
        return FileNameFormat.of(text);
    }
}
