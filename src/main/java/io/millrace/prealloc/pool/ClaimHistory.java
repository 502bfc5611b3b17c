// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Measures the claim rate for a forecast, over the last few moments at which files were claimed, however long ago, so
 * that one an hour is a rate as well as a thousand a second. Times are those of {@link System#nanoTime}. Any thread.
 */
final class ClaimHistory {
    private static final int MAX_MARKS = 16;
    private static final long APART_NANOS = 1_000_000_000;
    private static final double NANOS = 1e9;

    /** With fewer samples there is no rate: a single claim would forecast that space ends within hours. */
    private static final int MIN_TIMES = 3;

    private static final long MIN_WATCHED_NANOS = 120 * APART_NANOS;

    private record Mark(long nanos, long claimsBefore) {}

    private final Deque<Mark> marks = new ArrayDeque<>();
    private final long startNanos;
    private long claims;

    ClaimHistory(long now) {
        startNanos = now;
        marks.add(new Mark(now, 0));
    }

    synchronized void add(long files, long now) {
        if (now - marks.getLast().nanos() >= APART_NANOS) {
            marks.add(new Mark(now, claims));
        }
        if (marks.size() > MAX_MARKS) {
            marks.removeFirst();
        }
        claims += files;
    }

    /** Returns 0 if there are too few samples, or they span too short a time. */
    synchronized double perSecond(long now) {
        if (marks.size() <= MIN_TIMES || now - startNanos < MIN_WATCHED_NANOS) {
            return 0;
        }
        Mark first = marks.getFirst();
        return (claims - first.claimsBefore()) * NANOS / Math.max(APART_NANOS, now - first.nanos());
    }
}
