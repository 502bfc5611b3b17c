// SPDX-License-Identifier: Apache-2.0
package io.millrace.lifecycle;

import org.jspecify.annotations.Nullable;

/** Collects the failures of steps that must all run even if some fail. Stateless; any thread. */
public final class Failures {
    private Failures() {}

    /**
     * Returns the exception to throw after both: the first, with the next one suppressed.
     *
     * @param first null if {@code next} is the first
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
