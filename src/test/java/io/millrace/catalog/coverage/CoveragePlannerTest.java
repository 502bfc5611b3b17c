// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.coverage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.catalog.record.Amount;
import org.junit.jupiter.api.Test;

class CoveragePlannerTest {
    private static final long DAY = 86_400;
    private static final long NOW = 1_764_000_000;

    /** 30 nights of one hour at 1 KiB/s: 3,600 KiB a night. */
    private static final CoveragePromise PROMISE = new CoveragePromise(30 * DAY, DAY, 3600, 1024, 0);

    private static final long CAPACITY = 3600 * 1024;

    private static CoveragePlan plan(CoverageState.Builder state) {
        return new CoveragePlanner(PROMISE).plan(state.build(), CoverageTrend.START, NOW);
    }

    private static Amount bytes(long bytes) {
        return new Amount(1, bytes);
    }

    @Test
    void hasNothingToDoForASourceWithoutFiles() {
        CoveragePlan plan = plan(CoverageState.builder());
        assertThat(plan.share().total()).isZero();
        assertThat(plan.breaksInNights()).isEmpty();
        assertThat(plan.isKept()).isTrue();
        assertThat(plan.summary().keptShare()).isEqualTo(1);
    }

    @Test
    void takesBadAndUnsettledFirstThenNewThenOldest() {
        var share = plan(CoverageState.builder()
                        .bad(bytes(1000))
                        .unsettled(bytes(500))
                        .live(bytes(CAPACITY))
                        .fresh(NOW - DAY, bytes(CAPACITY - 2000))
                        .verified(NOW - 20 * DAY, bytes(CAPACITY)))
                .share();
        assertThat(share).isEqualTo(new CoveragePlan.Share(1500, CAPACITY - 2000, 500));
    }

    @Test
    void leavesHalfOfTheWindowToOthersThanBadFiles() {
        var share = plan(CoverageState.builder().bad(bytes(10 * CAPACITY)).fresh(NOW, bytes(10 * CAPACITY)))
                .share();
        assertThat(share.retries()).isEqualTo(CAPACITY / 2);
        assertThat(share.fresh()).isEqualTo(CAPACITY / 2);
    }

    @Test
    void dividesEvenlyWhatIsDueLater() {
        // 30 windows end before it is due in 30 days less this one, of which 5 are spare.
        var share = plan(CoverageState.builder().verified(NOW, bytes(25_000))).share();
        assertThat(share.oldest()).isEqualTo(1000);
    }

    @Test
    void forecastsThatAWindowDoesNotSuffice() {
        CoveragePlan plan = plan(CoverageState.builder().verified(NOW - 10 * DAY, bytes(21 * CAPACITY)));
        assertThat(plan.breaksInNights()).hasValue(20);
        assertThat(plan.why()).isEqualTo("a window takes " + CAPACITY + " bytes, which is too little");
        assertThat(plan(CoverageState.builder().verified(NOW - 10 * DAY, bytes(20 * CAPACITY)))
                        .breaksInNights())
                .isEmpty();
    }

    @Test
    void warnsThreeNightsBeforeWhateverTheReason() {
        // A second later a fourth window would end in time.
        CoveragePlan plan = plan(CoverageState.builder().verified(NOW - 27 * DAY + 3599, bytes(10)));
        assertThat(plan.breaksInNights()).hasValue(3);
        assertThat(plan.why()).isEqualTo("files are due within 3 nights that should have been verified by now");
        assertThat(plan(CoverageState.builder().verified(NOW - 27 * DAY + 3600, bytes(10)))
                        .breaksInNights())
                .isEmpty();
    }

    @Test
    void saysThatItIsBroken() {
        CoveragePlan plan =
                plan(CoverageState.builder().verified(NOW - 31 * DAY, bytes(10)).verified(NOW - DAY, bytes(90)));
        assertThat(plan.breaksInNights()).hasValue(0);
        assertThat(plan.isKept()).isFalse();
        assertThat(plan.summary().late()).isEqualTo(bytes(10));
        assertThat(plan.summary().keptShare()).isEqualTo(0.9);
    }

    @Test
    void countsOpeningOfSmallFiles() {
        var promise = new CoveragePromise(30 * DAY, DAY, 3600, 1024, 4096);
        assertThat(promise.cost(new Amount(10, 5))).isEqualTo(40_965);
    }

    @Test
    void remembersHowManyNightsWereMissed() {
        CoverageTrend trend = CoverageTrend.START;
        for (int night = 0; night < 60; night++) {
            trend = trend.after(100, night % 2 == 0 ? 100 : 0, 7);
        }
        assertThat(trend.availability()).isBetween(0.4, 0.6);
        assertThat(trend.growth()).isBetween(6.9, 7.1);
        var due = CoverageState.builder()
                .verified(NOW - 10 * DAY, bytes(15 * CAPACITY))
                .build();
        assertThat(new CoveragePlanner(PROMISE).plan(due, trend, NOW).breaksInNights())
                .hasValue(20);
    }

    @Test
    void refusesPromisesThatAreNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> new CoveragePromise(DAY - 1, DAY, 3600, 1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new CoveragePromise(DAY, DAY, DAY + 1, 1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new CoveragePromise(DAY, DAY, 1, 0, 0));
    }
}
