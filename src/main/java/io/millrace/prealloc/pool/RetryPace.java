// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

/**
 * When a pool in trouble tries again: every second, and every 3 s once the trouble has lasted a minute, so that twenty
 * such pools cost less than a hundredth of a processor. All times are those of {@link System#nanoTime}. One thread.
 */
final class RetryPace {
    /** Between two attempts in the first minute, in nanoseconds. */
    static final long QUICK_NANOS = 1_000_000_000;

    /** Between two attempts after that, in nanoseconds. */
    static final long SLOW_NANOS = 3 * QUICK_NANOS;

    private static final long PATIENCE_NANOS = 60 * QUICK_NANOS;

    private long successNanos;

    RetryPace(long nowNanos) {
        successNanos = nowNanos;
    }

    /** There is no trouble at this time. */
    void succeeded(long nowNanos) {
        successNanos = nowNanos;
    }

    /** @return the time of the next attempt after one that failed now */
    long next(long nowNanos) {
        return nowNanos + (nowNanos - successNanos < PATIENCE_NANOS ? QUICK_NANOS : SLOW_NANOS);
    }
}
