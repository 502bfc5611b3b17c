// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import java.util.OptionalInt;

/**
 * Whose a new file is to be.
 *
 * @param user its number; empty: that of the process
 * @param group its number; empty: that of the process, or the directory's where that is setgid
 */
public record Ownership(OptionalInt user, OptionalInt group) {
    /** As the system has it for new files. */
    public static final Ownership INHERITED = new Ownership(OptionalInt.empty(), OptionalInt.empty());

    /** What chown(2) takes for an owner that is to stay. */
    static final int KEEP = -1;

    boolean isInherited() {
        return user.isEmpty() && group.isEmpty();
    }
}
