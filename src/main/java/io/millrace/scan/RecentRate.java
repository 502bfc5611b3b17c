// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Arrays;
import java.util.function.LongSupplier;

/** How fast something went over the last five seconds. Any thread. */
final class RecentRate {
    private static final long SLOT_NANOS = 250_000_000;
    private static final int SLOTS = 20;
    private static final double NANOS_PER_SECOND = 1e9;

    private final LongSupplier nanoTime;
    private final long startNanos;

    @GuardedBy("this") private final long[] bytes = new long[SLOTS];

    /** The number of the slot that was added to last, counted from the start. */
    @GuardedBy("this") private long last;

    RecentRate(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.startNanos = nanoTime.getAsLong();
    }

    synchronized void add(long count) {
        bytes[(int) (advance() % SLOTS)] += count;
    }

    synchronized double bytesPerSecond() {
        long sinceStart = nanoTime.getAsLong() - startNanos;
        long slot = advance();
        long covered = Math.min(sinceStart, sinceStart - (slot - Math.min(slot, SLOTS - 1)) * SLOT_NANOS);
        return covered <= 0 ? 0 : Arrays.stream(bytes).sum() / (covered / NANOS_PER_SECOND);
    }

    /** Forgets what is too old; the number of the present slot. */
    @GuardedBy("this") private long advance() {
        long slot = (nanoTime.getAsLong() - startNanos) / SLOT_NANOS;
        for (long gone = Math.max(last + 1, slot - SLOTS + 1); gone <= slot; gone++) {
            bytes[(int) (gone % SLOTS)] = 0;
        }
        last = slot;
        return slot;
    }
}
