// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

/**
 * Retry interval of a pool in trouble: every second, and every 3 s once the trouble has lasted a minute, so that
 * twenty such pools need less than a hundredth of a processor. All times are those of {@link System#nanoTime}. One
 * thread.
 */
final class RetryPace {
    /** Interval in the first minute. */
    static final long QUICK_NANOS = 1_000_000_000;

    /** Interval after that. */
    static final long SLOW_NANOS = 3 * QUICK_NANOS;

    private static final long PATIENCE_NANOS = 60 * QUICK_NANOS;

    private long successNanos;

    RetryPace(long nowNanos) {
        successNanos = nowNanos;
    }

    /** Records a success. */
    void succeeded(long nowNanos) {
        successNanos = nowNanos;
    }

    /** @return the time of the next attempt after a failure now */
    long next(long nowNanos) {
        return nowNanos + (nowNanos - successNanos < PATIENCE_NANOS ? QUICK_NANOS : SLOW_NANOS);
    }
}
