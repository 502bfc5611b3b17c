// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.libc.ByteRange;
import java.util.ArrayDeque;
import java.util.Deque;

/** Tracks how far the fastest consumer of a window has claimed, and when. Used under the lock of its window. */
final class LeadTracker {
    /** The fastest consumer claimed the bytes from this offset at this time. */
    private record Mark(long offsetBytes, long nanos) {}

    private final Deque<Mark> marks = new ArrayDeque<>();
    private long claimedTo;

    LeadTracker(long startBytes) {
        claimedTo = startBytes;
    }

    /**
     * Records a claim.
     *
     * @param isTimed whether {@link #lagNanos} may be called
     * @return how many bytes at its end no consumer had claimed before
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

    /** Called when a consumer has nothing left to claim before this offset. */
    void reachEnd(long endBytes) {
        if (marks.isEmpty() || marks.getLast().offsetBytes() < endBytes) {
            marks.add(new Mark(endBytes, System.nanoTime()));
        }
    }

    /** Called when all consumers have passed this offset. */
    void forget(long offsetBytes) {
        while (!marks.isEmpty() && marks.peek().offsetBytes() < offsetBytes) {
            marks.remove();
        }
    }

    /** Time since the fastest consumer passed an offset; 0 if it has not yet. */
    long lagNanos(long offsetBytes) {
        for (Mark mark : marks) {
            if (mark.offsetBytes() >= offsetBytes) {
                return System.nanoTime() - mark.nanos();
            }
        }
        return 0;
    }
}
