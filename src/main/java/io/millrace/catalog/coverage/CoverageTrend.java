// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.coverage;

/**
 * What the last nights were like, for the forecast. Immutable; kept from night to night by whoever plans.
 *
 * @param availability which part of a night's share was done on average, 0 to 1: failures and pauses lower it
 * @param growth by how much the source grew a night on average, as {@link CoveragePromise#cost}
 */
public record CoverageTrend(double availability, double growth) {
    /** Before the first night. */
    public static final CoverageTrend START = new CoverageTrend(1, 0);

    /** Weight of the last night; the half of the weight is in the last seven. */
    public static final double WEIGHT = 0.1;

    /** Lower ones would say that a pause lasts for ever. */
    private static final double MIN_AVAILABILITY = 0.1;

    /**
     * After one more night.
     *
     * @param planned what its share took by plan
     * @param done what of it was done
     * @param grown by how much the source grew meanwhile
     */
    public CoverageTrend after(long planned, long done, long grown) {
        double part = planned <= 0 ? availability : Math.min(1, (double) done / planned);
        return new CoverageTrend(
                Math.max(MIN_AVAILABILITY, availability + WEIGHT * (part - availability)),
                Math.max(0, growth + WEIGHT * (grown - growth)));
    }
}
