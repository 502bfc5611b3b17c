// SPDX-License-Identifier: Apache-2.0
package io.millrace.lifecycle;

import org.jspecify.annotations.Nullable;

/** Keeps every failure of steps that are all to be done whatever fails. */
public final class Failures {
    private Failures() {}

    /**
     * What is to be thrown after both: the first, with the next one suppressed.
     *
     * @param first null where {@code next} is the first
     */
    public static <E extends Throwable> E join(@Nullable E first, E next) {
        if (first == null) {
            return next;
        }
        if (first != next) {
            first.addSuppressed(next);
        }
        return first;
    }
}
