// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A moving average over the last five seconds. What is added counts for all the time since the one before: reads that
 * come seldom, since they are large and a limit is low, or the device is slow, give a steady rate, and not a high one
 * with zeros between. Any thread.
 */
public final class RecentRate {
    private static final long SLOT_NANOS = 250_000_000;
    private static final int SLOTS = 20;
    private static final double NANOS_PER_SECOND = 1e9;

    /** After so long without anything the rate sinks, however long the pauses before were. */
    private static final long MAX_GAP_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final LongSupplier nanoTime;
    private final long startNanos;

    @GuardedBy("this") private final double[] bytes = new double[SLOTS];

    /** When something was added last, counted from the start. */
    @GuardedBy("this") private long lastNanos;

    @GuardedBy("this") private long gapNanos;

    @GuardedBy("this") private long gapBeforeNanos;

    /** By a clock such as {@link System#nanoTime}. */
    public RecentRate(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.startNanos = nanoTime.getAsLong();
    }

    public synchronized void add(long count) {
        long now = Math.max(lastNanos, nanoTime.getAsLong() - startNanos);
        long from = lastNanos;
        forget(now);
        gapBeforeNanos = gapNanos;
        gapNanos = Math.min(MAX_GAP_NANOS, now - from);
        lastNanos = now;
        long oldest = Math.max(from, (slot(now) - SLOTS + 1) * SLOT_NANOS);
        if (oldest >= now) {
            bytes[index(slot(now))] += count;
            return;
        }
        for (long at = oldest; at < now; at = (slot(at) + 1) * SLOT_NANOS) {
            long part = Math.min(now, (slot(at) + 1) * SLOT_NANOS) - at;
            bytes[index(slot(at))] += (double) count * part / (now - from);
        }
    }

    /** Up to the last addition, as long as the next is not overdue; then up to now, less the usual time between two. */
    public synchronized double bytesPerSecond() {
        long now = nanoTime.getAsLong() - startNanos;
        long end = Math.max(lastNanos, now - Math.max(gapNanos, gapBeforeNanos));
        long first = Math.max(0, slot(end) - SLOTS + 1);
        double sum = 0;
        for (long slot = first; slot <= slot(lastNanos); slot++) {
            sum += bytes[index(slot)];
        }
        long covered = end - first * SLOT_NANOS;
        return covered <= 0 ? 0 : sum / (covered / NANOS_PER_SECOND);
    }

    /** Empties the slots that begin after the last addition, up to now. */
    @GuardedBy("this") private void forget(long now) {
        if (slot(now) - slot(lastNanos) >= SLOTS) {
            Arrays.fill(bytes, 0);
            return;
        }
        for (long slot = slot(lastNanos) + 1; slot <= slot(now); slot++) {
            bytes[index(slot)] = 0;
        }
    }

    private static long slot(long nanos) {
        return nanos / SLOT_NANOS;
    }

    private static int index(long slot) {
        return (int) (slot % SLOTS);
    }
}
