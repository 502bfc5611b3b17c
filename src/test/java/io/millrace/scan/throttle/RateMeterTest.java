// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.throttle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** By a clock of its own. */
class RateMeterTest {
    private final AtomicLong clock = new AtomicLong(-77);
    private final RateMeter rate = new RateMeter(clock::get);

    private void pass(double seconds, long bytesPerTenth) {
        for (int i = 0; i < Math.round(seconds * 10); i++) {
            clock.addAndGet(100_000_000);
            rate.add(bytesPerTenth);
        }
    }

    @Test
    void isZeroBeforeAnything() {
        assertThat(rate.bytesPerSecond()).isZero();
    }

    @Test
    void countsFromTheStartAtFirst() {
        pass(1, 100);
        assertThat(rate.bytesPerSecond()).isCloseTo(1_000, within(1.0));
    }

    @Test
    void forgetsWhatWasLongerThanFiveSecondsAgo() {
        pass(20, 1_000_000);
        pass(5, 100);
        assertThat(rate.bytesPerSecond()).isCloseTo(1_000, within(50.0));
    }

    /** As reads of 8 MiB are at a limit of 1 MiB/s. */
    @Test
    void isSteadyWhereReadsAreFarApart() {
        for (int i = 0; i < 5; i++) {
            clock.addAndGet(8_000_000_000L);
            rate.add(8_000);
        }
        for (int tenth = 0; tenth < 79; tenth++) {
            clock.addAndGet(100_000_000);
            assertThat(rate.bytesPerSecond()).isCloseTo(1_000, within(1.0));
        }
    }

    @Test
    void isSteadyWhereTwoReadTogetherAndFarApart() {
        for (int i = 0; i < 5; i++) {
            clock.addAndGet(8_000_000_000L);
            rate.add(4_000);
            clock.addAndGet(1_000_000);
            rate.add(4_000);
        }
        for (int tenth = 0; tenth < 79; tenth++) {
            clock.addAndGet(100_000_000);
            assertThat(rate.bytesPerSecond()).isCloseTo(1_000, within(10.0));
        }
    }

    @Test
    void ofReadsThatAreFarApartComesDownToZeroTooWhenNothingMoves() {
        for (int i = 0; i < 5; i++) {
            clock.addAndGet(8_000_000_000L);
            rate.add(8_000);
        }
        clock.addAndGet(10_500_000_000L);
        assertThat(rate.bytesPerSecond()).isBetween(300.0, 700.0);
        clock.addAndGet(3_000_000_000L);
        assertThat(rate.bytesPerSecond()).isZero();
    }

    @Test
    void comesDownToZeroWhenNothingMoves() {
        pass(20, 100);
        clock.addAndGet(2_500_000_000L);
        assertThat(rate.bytesPerSecond()).isCloseTo(500, within(60.0));
        clock.addAndGet(3_000_000_000L);
        assertThat(rate.bytesPerSecond()).isZero();
        clock.addAndGet(3_000_000_000_000L);
        assertThat(rate.bytesPerSecond()).isZero();
    }
}
