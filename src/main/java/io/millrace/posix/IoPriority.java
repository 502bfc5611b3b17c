// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

/**
 * ioprio_set(2).
 *
 * @param level 0 (first) to 7 within the class; 0 for {@link IoClass#NONE}
 */
public record IoPriority(IoClass ioClass, int level) {
    static final int CLASS_SHIFT = 13;

    public IoPriority {
        if (level < 0 || level > 7) {
            throw new IllegalArgumentException("I/O priority " + level + " is not within 0 to 7");
        }
    }

    long bits() {
        return (long) ioClass.number << CLASS_SHIFT | level;
    }
}
