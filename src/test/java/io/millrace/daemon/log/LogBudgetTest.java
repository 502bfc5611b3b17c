// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.daemon.log.LogBudget.Verdict;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LogBudgetTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1); // nanoTime may wrap
    private final LogBudget budget = new LogBudget(3, Duration.ofHours(1), nanos::get);

    private void passes(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void saysWhichLineIsTheLast() {
        assertThat(budget.spend("a")).isEqualTo(Verdict.WRITE);
        assertThat(budget.spend("a")).isEqualTo(Verdict.WRITE);
        assertThat(budget.spend("a")).isEqualTo(Verdict.LAST);
        assertThat(budget.spend("a")).isEqualTo(Verdict.SUPPRESS);
        assertThat(budget.spend("b")).isEqualTo(Verdict.WRITE);
    }

    @Test
    void beginsAnewAfterItsPeriod() {
        for (int i = 0; i < 5; i++) {
            Verdict unused = budget.spend("a");
        }
        passes(Duration.ofMinutes(59));
        assertThat(budget.spend("a")).isEqualTo(Verdict.SUPPRESS);
        passes(Duration.ofMinutes(1));
        assertThat(budget.spend("a")).isEqualTo(Verdict.WRITE);
    }
}
