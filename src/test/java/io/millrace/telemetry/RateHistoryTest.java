// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RateHistoryTest {
    private static final long SECOND = 1_000_000_000;

    private final RateHistory history = new RateHistory();

    @Test
    void beginsAtZeroWhateverWasReadBefore() {
        add(0, 1_000_000);
        assertThat(history.view().highest()).isZero();
    }

    @Test
    void isTheDifferenceOverTheTimeThatItTook() {
        add(0, 0);
        add(1, 100);
        add(3, 600);
        assertThat(tail(3)).containsExactly(100, 200, 200); // two seconds stand for two values
        assertThat(history.view().last()).isEqualTo(200);
        assertThat(history.view().deviceBytesPerSecond()).isEqualTo(100);
    }

    @Test
    void aReadOf8MibAtALimitOf1MibASecondIsNoMountainBetweenZeros() {
        for (int second = 0; second <= 64; second++) {
            add(second, (second / 8) * (8L << 20));
        }
        for (double rate : tail(40)) {
            assertThat(rate).isEqualTo(1 << 20);
        }
    }

    @Test
    void keepsTenMinutes() {
        for (int i = 0; i <= 2 * RateHistory.SECONDS; i++) {
            add(i, i < RateHistory.SECONDS ? 0 : i);
        }
        var rates = history.view().bytesPerSecond();
        assertThat(rates).hasSize(RateHistory.SECONDS);
        assertThat(rates[10]).isEqualTo(1);
        assertThat(history.view().end()).isEqualTo(Instant.ofEpochSecond(2L * RateHistory.SECONDS));
    }

    private void add(long second, long bytes) {
        history.add(Instant.ofEpochSecond(second), second * SECOND, bytes, bytes / 2);
    }

    private double[] tail(int count) {
        double[] rates = history.view().bytesPerSecond();
        return Arrays.copyOfRange(rates, rates.length - count, rates.length);
    }
}
