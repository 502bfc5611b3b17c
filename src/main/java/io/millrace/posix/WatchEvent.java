// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;

/**
 * One thing that happened.
 *
 * @param watch as {@link WatchCalls#watch} numbered it; -1 for {@link Change#OVERFLOWED}
 * @param changes one, as a rule
 * @param name of the entry, bytes as they are; empty where it happened to the directory itself
 */
public record WatchEvent(int watch, Set<Change> changes, byte[] name) {
    // Size and offsets of struct inotify_event (inotify(7)); the name follows, padded with NULs.
    static final int STRUCT_BYTES = 16;
    static final int WATCH = 0;
    static final int MASK = 4;
    static final int LENGTH = 12;

    /** Reads one and moves on to the next. */
    static WatchEvent read(ByteBuffer events) {
        int at = events.position();
        byte[] padded = new byte[events.getInt(at + LENGTH)];
        events.position(at + STRUCT_BYTES).get(padded);
        int length = 0;
        while (length < padded.length && padded[length] != 0) {
            length++;
        }
        byte[] name = Arrays.copyOf(padded, length);
        return new WatchEvent(events.getInt(at + WATCH), Change.of(events.getInt(at + MASK)), name);
    }
}
