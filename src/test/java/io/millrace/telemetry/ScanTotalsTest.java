// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.scan.job.ScanState;
import io.millrace.scan.job.ScanStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScanTotalsTest {
    private final ScanTotals totals = new ScanTotals();

    @Test
    void countsAScanOnceHoweverOftenItIsSeen() {
        assertThat(bytes(running("a", 10))).isEqualTo(10);
        assertThat(bytes(running("a", 30))).isEqualTo(30);
        totals.ended(over("a", 50));
        assertThat(bytes(over("a", 50))).isEqualTo(50);
        assertThat(bytes()).isEqualTo(50);
    }

    @Test
    void aStatusOlderThanTheEndTakesNothingBack() {
        totals.ended(over("a", 50));
        assertThat(bytes(running("a", 20))).isEqualTo(50);
        assertThat(bytes(over("a", 50))).isEqualTo(50);
    }

    @Test
    void neverSinksWhileThousandsOfScansComeAndGo() {
        long before = 0;
        for (int i = 0; i < 5000; i++) {
            long now = bytes(running("long", i), running("b" + i, 3));
            totals.ended(over("b" + i, 5));
            assertThat(now).isGreaterThan(before);
            before = now;
        }
        assertThat(bytes()).isEqualTo(4999 + 5 * 5000);
    }

    @Test
    void sumsWhatBecameOfThePageCache() {
        totals.ended(over("a", 50));
        assertThat(totals.sample(List.of(running("b", 7))).effect().releasedBytes())
                .isEqualTo(57);
    }

    private long bytes(ScanStatus... statuses) {
        return totals.sample(List.of(statuses)).bytes();
    }

    private static ScanStatus running(String id, long bytes) {
        return Statuses.scan(id, ScanState.RUNNING, bytes, List.of());
    }

    private static ScanStatus over(String id, long bytes) {
        return Statuses.scan(id, ScanState.FINISHED, bytes, List.of());
    }
}
