// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.catalog;

import io.millrace.catalog.coverage.CoveragePlan;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * How a source stands to its promise.
 *
 * @param oldestSeconds when the file that was verified on the device the longest ago was, or, if it never was, when it was first
 *     seen; seconds since 1970, rounded down to an hour; empty without files
 * @param at when this was computed
 */
public record CoverageStatus(
        String source, CoverageSpec spec, CoveragePlan plan, OptionalLong oldestSeconds, long allBytes, Instant at) {
    /** Whether no file is late, and none will be by the forecast. */
    public boolean isPromiseKept() {
        return plan.isKept() && plan.breaksInNights().isEmpty();
    }

    /** Of all bytes, the part that is so many of them; 0 without files. */
    public double share(long bytes) {
        return allBytes == 0 ? 0 : (double) bytes / allBytes;
    }
}
