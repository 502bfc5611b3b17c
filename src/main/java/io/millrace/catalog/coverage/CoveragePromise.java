// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.coverage;

import io.millrace.catalog.record.Amount;

/**
 * What was promised of a source, and what may be used to keep it.
 *
 * @param withinSeconds every settled file is verified on the device at least so often ({@code verify-within})
 * @param nightSeconds from one window to the next, a day as a rule
 * @param windowSeconds how long a window is ({@code between})
 * @param bytesPerSecond what is read in it: the configured rate, or what was measured
 * @param fileCostBytes as how many bytes a file counts beside its content: what opening it takes, in reading time
 */
public record CoveragePromise(
        long withinSeconds, long nightSeconds, long windowSeconds, long bytesPerSecond, long fileCostBytes) {
    public CoveragePromise {
        if (nightSeconds <= 0
                || withinSeconds < nightSeconds
                || windowSeconds <= 0
                || windowSeconds > nightSeconds
                || bytesPerSecond <= 0
                || fileCostBytes < 0) {
            throw new IllegalArgumentException("no promise: within " + withinSeconds + " s, nights of " + nightSeconds
                    + " s, windows of " + windowSeconds + " s, " + bytesPerSecond + " B/s");
        }
    }

    /** What an amount takes, in bytes of reading. */
    public long cost(Amount amount) {
        return amount.bytes() + amount.files() * fileCostBytes;
    }

    /** What one window can take. */
    public long capacity() {
        return saturatedProduct(windowSeconds, bytesPerSecond);
    }

    private static long saturatedProduct(long a, long b) {
        return a > Long.MAX_VALUE / 4 / b ? Long.MAX_VALUE / 4 : a * b;
    }

    /** How many nights the promise spans. */
    int nights() {
        return Math.toIntExact(withinSeconds / nightSeconds);
    }

    /** So many nights before they must, files are read again: as many may fail. */
    int spareNights() {
        int nights = nights();
        return nights >= 2 * MIN_SPARE_NIGHTS ? Math.max(MIN_SPARE_NIGHTS, nights / 6) : nights / 2;
    }

    /** One more than the nights by which a forecast has to come before a break. */
    private static final int MIN_SPARE_NIGHTS = CoveragePlanner.WARNING_NIGHTS + 1;
}
