// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryPaceTest {
    private static final long SECOND = 1_000_000_000L;

    /** The clock may begin anywhere, and wrap around. */
    @ParameterizedTest
    @ValueSource(longs = {0, -30 * SECOND, Long.MAX_VALUE - 30 * SECOND})
    void triesEverySecondForAMinuteAndThenEveryThreeSeconds(long start) {
        var pace = new RetryPace(start);
        List<Long> gaps = new ArrayList<>();
        for (long now = start; now - start < 120 * SECOND; ) {
            long next = pace.next(now);
            gaps.add((next - now) / SECOND);
            now = next;
        }
        assertThat(gaps.subList(0, 60)).containsOnly(1L);
        assertThat(gaps.subList(60, gaps.size())).hasSize(20).containsOnly(3L);
    }

    @Test
    void triesEverySecondAgainAfterASuccess() {
        var pace = new RetryPace(0);
        assertThat(pace.next(100 * SECOND)).isEqualTo(103 * SECOND);
        pace.succeeded(103 * SECOND);
        assertThat(pace.next(104 * SECOND)).isEqualTo(105 * SECOND);
        assertThat(pace.next(163 * SECOND)).isEqualTo(166 * SECOND);
    }
}
