// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.throttle;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;

/**
 * Decides when one scan yields to the I/O of other programs and when it resumes. The thread {@code millrace-pressure}
 * reports the measurements; any thread may call the accessors.
 */
public final class YieldController {
    /** How long the pressure must stay below the threshold before the scan resumes. */
    private static final long CALM_NANOS = 1_500_000_000;

    private final ReadGate gate;
    private final OptionalDouble yieldAbove;
    private final LongSupplier nanoTime;

    @GuardedBy("this") private long calmNanos;

    @GuardedBy("this") private long yieldedNanos;

    @GuardedBy("this") private long sinceNanos;

    @GuardedBy("this") private boolean yields;

    @GuardedBy("this") private boolean ended;

    /**
     * {@code yieldAbove}: threshold as a fraction of time. Without it the scan never yields; it only pauses in quiet
     * windows for the sake of the others.
     */
    YieldController(ReadGate gate, OptionalDouble yieldAbove, LongSupplier nanoTime) {
        this.gate = gate;
        this.yieldAbove = yieldAbove;
        this.nanoTime = nanoTime;
    }

    ReadGate gate() {
        return gate;
    }

    boolean mayYield() {
        return yieldAbove.isPresent();
    }

    synchronized boolean yields() {
        return yields;
    }

    /** Whether {@code share} exceeds the threshold. */
    boolean isTooMuch(double share) {
        return yieldAbove.isPresent() && share > yieldAbove.getAsDouble();
    }

    /**
     * Called with a confirmed measurement; the scan yields if it exceeds the threshold. {@code share}: fraction of time
     * during which other tasks waited for I/O.
     */
    synchronized void make(double share) {
        if (isTooMuch(share) && !yields && !ended) {
            yields = true;
            sinceNanos = nanoTime.getAsLong();
            calmNanos = 0;
            gate.hold(ReadGate.Hold.YIELD);
        }
    }

    /**
     * Called while the scan yields. {@code share}: fraction of the last {@code nanos} during which other tasks waited
     * for I/O.
     */
    synchronized void observe(double share, long nanos) {
        calmNanos = isTooMuch(share) ? 0 : calmNanos + nanos;
        if (yields && calmNanos >= CALM_NANOS) {
            goOn();
        }
    }

    @GuardedBy("this") private void goOn() {
        yields = false;
        yieldedNanos += nanoTime.getAsLong() - sinceNanos;
        gate.release(ReadGate.Hold.YIELD);
    }

    /** Called when the scan has ended; it never yields again. */
    synchronized void end() {
        ended = true;
        if (yields) {
            goOn();
        }
    }

    /** Returns the total time for which the scan has yielded. */
    public synchronized long yieldedNanos() {
        return yieldedNanos + (yields ? nanoTime.getAsLong() - sinceNanos : 0);
    }
}
