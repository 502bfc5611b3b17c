// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.throttle;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;

/**
 * When one scan makes way for the I/O of others, and when it goes on. Told what is heard by one thread; any thread may
 * ask.
 */
public final class YieldController {
    /** For how long the others have to be calm before the scan goes on. */
    private static final long CALM_NANOS = 1_500_000_000;

    private final ReadGate pace;
    private final OptionalDouble yieldAbove;
    private final LongSupplier nanoTime;

    @GuardedBy("this") private long calmNanos;

    @GuardedBy("this") private long yieldedNanos;

    @GuardedBy("this") private long sinceNanos;

    @GuardedBy("this") private boolean yields;

    @GuardedBy("this") private boolean ended;

    /** {@code yieldAbove}: a share of time; without it the scan never makes way and only falls silent for the others. */
    YieldController(ReadGate pace, OptionalDouble yieldAbove, LongSupplier nanoTime) {
        this.pace = pace;
        this.yieldAbove = yieldAbove;
        this.nanoTime = nanoTime;
    }

    ReadGate pace() {
        return pace;
    }

    boolean mayYield() {
        return yieldAbove.isPresent();
    }

    synchronized boolean yields() {
        return yields;
    }

    /** Whether so much would be reason enough to make way, if it lasted. */
    boolean isTooMuch(double share) {
        return yieldAbove.isPresent() && share > yieldAbove.getAsDouble();
    }

    /** Others have waited for this share of the time, for certain. */
    synchronized void make(double share) {
        if (isTooMuch(share) && !yields && !ended) {
            yields = true;
            sinceNanos = nanoTime.getAsLong();
            calmNanos = 0;
            pace.hold(ReadGate.Hold.YIELD);
        }
    }

    /** While it makes way, others have waited for this share of the time since the last call, which is so long ago. */
    synchronized void heard(double share, long nanos) {
        calmNanos = isTooMuch(share) ? 0 : calmNanos + nanos;
        if (yields && calmNanos >= CALM_NANOS) {
            goOn();
        }
    }

    @GuardedBy("this") private void goOn() {
        yields = false;
        yieldedNanos += nanoTime.getAsLong() - sinceNanos;
        pace.release(ReadGate.Hold.YIELD);
    }

    /** The scan is over; it makes way no more. */
    synchronized void end() {
        ended = true;
        if (yields) {
            goOn();
        }
    }

    /** For how long it has made way in all. */
    public synchronized long yieldedNanos() {
        return yieldedNanos + (yields ? nanoTime.getAsLong() - sinceNanos : 0);
    }
}
