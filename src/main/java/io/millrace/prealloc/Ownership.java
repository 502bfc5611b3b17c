// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import java.util.OptionalInt;

/**
 * The owner and group of a new file.
 *
 * @param user user id; empty: that of the process
 * @param group group id; empty: that of the process, or the directory's if that is setgid
 */
public record Ownership(OptionalInt user, OptionalInt group) {
    /** The system's defaults for new files. */
    public static final Ownership INHERITED = new Ownership(OptionalInt.empty(), OptionalInt.empty());

    /** The argument of chown(2) that leaves an id unchanged. */
    static final int KEEP = -1;

    boolean isInherited() {
        return user.isEmpty() && group.isEmpty();
    }
}
