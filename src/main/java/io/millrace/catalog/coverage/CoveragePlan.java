// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.coverage;

import io.millrace.catalog.record.Amount;
import java.util.OptionalInt;

/**
 * A source's share of tonight, and what it looks like ahead.
 *
 * @param share what is to be read tonight
 * @param breaksInNights after how many nights, tonight's counted, the promise will be broken by the forecast; 0 where it is
 *     broken now; empty where it will be kept
 * @param why the forecast's reason in one line; empty where the promise will be kept
 * @param summary how things stand now
 */
public record CoveragePlan(Share share, OptionalInt breaksInNights, String why, Summary summary) {
    /**
     * Costs, as {@link CoveragePromise#cost}, in the order in which they are spent: bad and unsettled files, files that were never
     * verified, and those that were verified the longest ago.
     */
    public record Share(long retries, long fresh, long oldest) {
        public long total() {
            return retries + fresh + oldest;
        }
    }

    /**
     * Amounts by how they stand to the promise.
     *
     * @param kept verified on the device within the promised time
     * @param fresh not yet verified, and seen for the first time within it
     * @param late neither
     */
    public record Summary(Amount kept, Amount fresh, Amount late, Amount live, Amount unsettled, Amount bad) {
        /** Of all bytes, those verified on the device within the promised time; 1 where there are none. */
        public double keptShare() {
            long all = kept.plus(fresh)
                    .plus(late)
                    .plus(live)
                    .plus(unsettled)
                    .plus(bad)
                    .bytes();
            return all == 0 ? 1 : (double) kept.bytes() / all;
        }
    }

    /** Whether no file is late now. */
    public boolean isKept() {
        return summary.late().files() == 0;
    }
}
