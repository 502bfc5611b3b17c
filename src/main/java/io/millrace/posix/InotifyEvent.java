// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * One inotify event.
 *
 * @param watch the watch descriptor from {@link InotifyCalls#watch}; -1 for {@link Change#OVERFLOWED}
 * @param changes usually one
 * @param name of the entry, as bytes; empty if the event concerns the directory itself
 */
public record InotifyEvent(int watch, Set<Change> changes, byte[] name) {
    /** Events of a watched directory and its entries. The last three are always reported. */
    public enum Change {
        /** Mode, owner or times of an entry changed. */
        ATTRIBUTES(0x4),
        /** An entry that was open for writing was closed. */
        WRITTEN(0x8),
        MOVED_FROM(0x40),
        MOVED_TO(0x80),
        CREATED(0x100),
        DELETED(0x200),
        /** The directory itself was removed. */
        SELF_DELETED(0x400),
        /** The directory itself was renamed. */
        SELF_MOVED(0x800),
        /** The file system was unmounted. */
        UNMOUNTED(0x2000),
        /** The event queue overflowed and events were lost: no name, and the watch is -1. */
        OVERFLOWED(0x4000),
        /** The watch was removed: no more events follow. */
        IGNORED(0x8000);

        public final int bits;

        Change(int bits) {
            this.bits = bits;
        }

        public static int bits(Set<Change> changes) {
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

    // Size and offsets of struct inotify_event (inotify(7)); the name follows, padded with NULs.
    public static final int STRUCT_BYTES = 16;
    public static final int WATCH = 0;
    public static final int MASK = 4;
    public static final int LENGTH = 12;

    /** Reads one event and advances to the next. */
    public static InotifyEvent read(ByteBuffer events) {
        int at = events.position();
        byte[] padded = new byte[events.getInt(at + LENGTH)];
        events.position(at + STRUCT_BYTES).get(padded);
        int length = 0;
        while (length < padded.length && padded[length] != 0) {
            length++;
        }
        byte[] name = Arrays.copyOf(padded, length);
        return new InotifyEvent(events.getInt(at + WATCH), Change.of(events.getInt(at + MASK)), name);
    }
}
