// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.throttle;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A moving average over the last five seconds. Each addition is spread over the time since the previous addition or, if
 * several come together after a longer gap, over that gap. Infrequent reads (because they are large and the rate limit
 * is low, or the device is slow) therefore give a steady rate, not a high one with zeros between. Any thread.
 */
public final class RateMeter {
    private static final long SLOT_NANOS = 250_000_000;
    private static final int SLOTS = 20;
    /** Number of threads whose reads may come together. */
    private static final int GAPS = 4;

    private static final double NANOS_PER_SECOND = 1e9;

    /** After this time without an addition the rate falls, however long the previous gaps were. */
    private static final long MAX_GAP_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final LongSupplier nanoTime;
    private final long startNanos;

    @GuardedBy("this") private final double[] bytes = new double[SLOTS];

    /** Times of the last additions in nanoseconds since the start, oldest first. */
    @GuardedBy("this") private final long[] times = new long[1 + GAPS];

    /** {@code nanoTime}: a clock such as {@link System#nanoTime}. */
    public RateMeter(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.startNanos = nanoTime.getAsLong();
    }

    public synchronized void add(long count) {
        long now = Math.max(lastNanos(), nanoTime.getAsLong() - startNanos);
        forget(now);
        System.arraycopy(times, 1, times, 0, GAPS);
        times[GAPS] = now;
        int longest = longestGap();
        long from = 2 * gap(GAPS - 1) >= gap(longest) ? times[GAPS - 1] : times[longest];
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

    /**
     * Returns the average up to the last addition while the next one is not overdue; after that, up to now less the
     * usual gap.
     */
    public synchronized double bytesPerSecond() {
        long now = nanoTime.getAsLong() - startNanos;
        long end = Math.max(lastNanos(), now - Math.min(MAX_GAP_NANOS, gap(longestGap())));
        long first = Math.max(0, slot(end) - SLOTS + 1);
        double sum = 0;
        for (long slot = first; slot <= slot(lastNanos()); slot++) {
            sum += bytes[index(slot)];
        }
        long covered = end - first * SLOT_NANOS;
        return covered <= 0 ? 0 : sum / (covered / NANOS_PER_SECOND);
    }

    /** Clears the slots that start after the last addition, up to now. */
    @GuardedBy("this") private void forget(long now) {
        if (slot(now) - slot(lastNanos()) >= SLOTS) {
            Arrays.fill(bytes, 0);
            return;
        }
        for (long slot = slot(lastNanos()) + 1; slot <= slot(now); slot++) {
            bytes[index(slot)] = 0;
        }
    }

    @GuardedBy("this") private long lastNanos() {
        return times[GAPS];
    }

    @GuardedBy("this") private long gap(int index) {
        return times[index + 1] - times[index];
    }

    @GuardedBy("this") private int longestGap() {
        int longest = GAPS - 1;
        for (int i = GAPS - 2; i >= 0; i--) {
            longest = gap(i) > gap(longest) ? i : longest;
        }
        return longest;
    }

    private static long slot(long nanos) {
        return nanos / SLOT_NANOS;
    }

    private static int index(long slot) {
        return (int) (slot % SLOTS);
    }
}
