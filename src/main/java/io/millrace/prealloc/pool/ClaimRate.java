// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

/**
 * Claims per second as an exponentially decaying average. Immutable; any thread.
 *
 * @param perSecond at {@code nanos}
 * @param nanos by {@link System#nanoTime}
 */
record ClaimRate(double perSecond, long nanos) {
    /** Time constant: after this time a claim has a weight of 1/e, about a third. */
    private static final double MEMORY_SECONDS = 5;

    /** Rates below about one file in a quarter of an hour are reported as 0. */
    private static final double NOTHING = 0.001;

    private static final double NANOS = 1e9;

    ClaimRate and(long claims, long now) {
        return new ClaimRate(decayed(now) + claims / MEMORY_SECONDS, now);
    }

    double at(long now) {
        double rate = decayed(now);
        return rate < NOTHING ? 0 : rate;
    }

    private double decayed(long now) {
        return perSecond * Math.exp(-Math.max(0, now - nanos) / NANOS / MEMORY_SECONDS);
    }
}
