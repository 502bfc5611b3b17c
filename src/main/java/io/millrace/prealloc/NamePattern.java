// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import io.millrace.posix.BytePath;
import java.util.OptionalLong;

/**
 * How a pool's files are called: a text with one number in it, as {@code segment-%016x} or {@code wal.%d}.
 *
 * @param text with {@code %d} or {@code %x}, zeros and a width between if wanted; {@code %%} is a percent sign
 */
public record NamePattern(String text) {
    /** Throws {@link IllegalArgumentException} that says what is wrong. */
    public NamePattern {
        NameForm unused = NameForm.of(text);
    }

    /** The name with this number, 0 and more. */
    public String name(long number) {
        return BytePath.decode(form().name(number));
    }

    /** The number in a name that {@link #name} could have given; empty for any other name. */
    public OptionalLong number(byte[] name) {
        return form().number(name);
    }

    NameForm form() {
        return NameForm.of(text);
    }
}
