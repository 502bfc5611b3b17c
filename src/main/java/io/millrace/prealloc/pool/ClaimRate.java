// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

/**
 * How many files are taken in a second, of late: what is long ago counts less. Immutable, so that any thread may ask.
 *
 * @param perSecond at {@code nanos}
 * @param nanos by {@link System#nanoTime}
 */
record ClaimRate(double perSecond, long nanos) {
    /** After this time a claim weighs a third of what it did. */
    private static final double MEMORY_SECONDS = 5;

    /** Below one file in a quarter of an hour nothing is said. */
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
