// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import java.util.OptionalLong;

/** How a pool's files are called: a text with one number in it, as {@code segment-%016x} or {@code wal.%d}. */
public record NamePattern(String text) {
    /** The name with this number, 0 and more. */
    public String name(long number) {
        throw new UnsupportedOperationException(text + number);
    }

    /** The number in a name that {@link #name} could have given; empty for any other name. */
    public OptionalLong number(byte[] name) {
        throw new UnsupportedOperationException(text + name.length);
    }
}
