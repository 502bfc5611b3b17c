// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import java.util.EnumSet;
import java.util.Set;

/** What can happen in a watched directory, or to it. The last three are told without being asked for. */
public enum Change {
    /** Mode, owner or times of an entry. */
    ATTRIBUTES(0x4),
    /** An entry that was open for writing was closed. */
    WRITTEN(0x8),
    MOVED_FROM(0x40),
    MOVED_TO(0x80),
    CREATED(0x100),
    DELETED(0x200),
    /** The directory itself was removed. */
    SELF_DELETED(0x400),
    /** The directory itself has another name now. */
    SELF_MOVED(0x800),
    /** Its file system was unmounted. */
    UNMOUNTED(0x2000),
    /** Too much happened at once, and some of it is lost: no name, and the watch is -1. */
    OVERFLOWED(0x4000),
    /** The watch is over: nothing more is told. */
    IGNORED(0x8000);

    final int bits;

    Change(int bits) {
        this.bits = bits;
    }

    static int bits(Set<Change> changes) {
        int bits = 0;
        for (Change change : changes) {
            bits |= change.bits;
        }
        return bits;
    }

    static Set<Change> of(int bits) {
        var changes = EnumSet.noneOf(Change.class);
        for (Change change : values()) {
            if ((bits & change.bits) != 0) {
                changes.add(change);
            }
        }
        return changes;
    }
}
