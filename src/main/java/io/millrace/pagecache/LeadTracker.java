// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.libc.ByteRange;
import java.util.ArrayDeque;
import java.util.Deque;

/** How far the fastest consumer of a window has claimed, and when it got there. Used under the lock of its window. */
final class LeadTracker {
    /** The fastest consumer claimed bytes from here on. */
    private record Mark(long offsetBytes, long nanos) {}

    private final Deque<Mark> marks = new ArrayDeque<>();
    private long claimedTo;

    LeadTracker(long startBytes) {
        claimedTo = startBytes;
    }

    /**
     * Notes a claim.
     *
     * @param isTimed whether anybody may ask for {@link #lagNanos}
     * @return how many bytes at its end nobody had claimed before
     */
    long claim(ByteRange part, boolean isTimed) {
        long lead = Math.max(0, part.endBytes() - Math.max(claimedTo, part.offsetBytes()));
        if (lead > 0 && isTimed) {
            marks.add(new Mark(part.offsetBytes(), System.nanoTime()));
        }
        claimedTo = Math.max(claimedTo, part.endBytes());
        return lead;
    }

    boolean isBeyond(long offsetBytes) {
        return claimedTo > offsetBytes;
    }

    /** Somebody has nothing left to claim before this. */
    void reachEnd(long endBytes) {
        if (marks.isEmpty() || marks.getLast().offsetBytes() < endBytes) {
            marks.add(new Mark(endBytes, System.nanoTime()));
        }
    }

    /** Everybody is beyond this. */
    void forget(long offsetBytes) {
        while (!marks.isEmpty() && marks.peek().offsetBytes() < offsetBytes) {
            marks.remove();
        }
    }

    /** How long ago the fastest consumer went on from an offset; 0 if it did not yet. */
    long lagNanos(long offsetBytes) {
        for (Mark mark : marks) {
            if (mark.offsetBytes() >= offsetBytes) {
                return System.nanoTime() - mark.nanos();
            }
        }
        return 0;
    }
}
