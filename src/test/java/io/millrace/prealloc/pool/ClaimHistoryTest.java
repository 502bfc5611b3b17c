// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class ClaimHistoryTest {
    private static final long SECOND = 1_000_000_000;

    /** nanoTime may begin anywhere, and overflow. */
    private long now = Long.MAX_VALUE - 30 * SECOND;

    private final ClaimHistory history = new ClaimHistory(now);
    private final PoolTotals totals = new PoolTotals();

    private void claim(int times, long files, long nanosApart) {
        for (int i = 0; i < times; i++) {
            now += nanosApart;
            history.add(files, now);
        }
    }

    @Test
    void isNothingBeforeTheFirst() {
        assertThat(history.perSecond(now)).isZero();
        assertThat(history.perSecond(now + 1000 * SECOND)).isZero();
        assertThat(totals.steadyClaimsPerSecond()).isZero();
        totals.claimed(3);
        assertThat(totals.steadyClaimsPerSecond()).as("one claim is no rate").isZero();
    }

    @Test
    void isTheSameRightAfterOneOfFewAndLongAfter() {
        claim(40, 1, 60 * SECOND);
        assertThat(history.perSecond(now)).isCloseTo(1 / 60.0, Percentage.withPercentage(8));
        assertThat(history.perSecond(now + 59 * SECOND)).isCloseTo(1 / 60.0, Percentage.withPercentage(8));
    }

    @Test
    void followsABurstWithinSecondsAndItsEnd() {
        claim(40, 1, 3600 * SECOND);
        claim(20_000, 5, SECOND / 1000);
        assertThat(history.perSecond(now)).isCloseTo(5000, Percentage.withPercentage(8));
        double after = history.perSecond(now + 3600 * SECOND);
        assertThat(after).isCloseTo(16 * 5000 / 3616.0, Percentage.withPercentage(8));
    }

    @Test
    void isNoRateBeforeThreeTimesAndTwoMinutes() {
        claim(1, 2, 1);
        assertThat(history.perSecond(now)).isZero();
        claim(1, 1, 600 * SECOND);
        assertThat(history.perSecond(now)).as("two times").isZero();
        claim(2, 1, 60 * SECOND);
        assertThat(history.perSecond(now)).isCloseTo(5 / 720.0, within(1e-9));
    }

    @Test
    void isNoRateInTheFirstSeconds() {
        claim(10, 1, 2 * SECOND);
        assertThat(history.perSecond(now)).isZero();
        assertThat(history.perSecond(now + 100 * SECOND)).isCloseTo(10 / 120.0, within(1e-9));
    }
}
