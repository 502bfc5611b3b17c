// SPDX-License-Identifier: Apache-2.0
package io.millrace.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "500ms, PT0.5S",
        "30s, PT30S",
        "5m, PT5M",
        "24h, PT24H",
        "7d, PT168H",
        "1.5h, PT90M",
        "0.25ms, PT0.00025S",
        "0s, PT0S",
        "' 10 s ', PT10S",
        "36500d, PT876000H"
    })
    void areReadWithTheirUnit(String text, Duration expected) {
        assertThat(Durations.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "30", "s", "-1s", "+1s", "1 week", "1S", "1M", "1e3s", ".5s", "1.s", "1h30m", "٣s", "1s\n1s", "1y"
            })
    void areRefusedInAnyOtherForm(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Durations.parse(text))
                .withMessage("'" + text + "' is not a duration; write 500ms, 30s, 5m, 24h or 7d");
    }

    @Test
    void areBoundedAtBothEnds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Durations.parse("36501d"))
                .withMessage("'36501d' is more than 36500d");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Durations.parse("999999999999999999d"))
                .withMessageEndingWith(" is more than 36500d");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Durations.parse("0.0000001ms"))
                .withMessage("'0.0000001ms' is finer than a nanosecond");
        assertThatIllegalArgumentException().isThrownBy(() -> Durations.format(Duration.ofNanos(-1)));
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0s",
        "PT60S, 1m",
        "PT90S, 90s",
        "PT24H, 1d",
        "PT25H, 25h",
        "PT0.5S, 500ms",
        "PT1.0005S, 1000.5ms",
        "PT0.000000001S, 0.000001ms"
    })
    void areWrittenInTheLargestUnitThatFits(Duration duration, String expected) {
        assertThat(Durations.format(duration)).isEqualTo(expected);
    }

    @Test
    void comeBackUnchanged() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        var random = new Random(seed);
        for (int round = 0; round < 10_000; round++) {
            long nanos = (random.nextLong() >>> 1) >>> random.nextInt(63);
            var duration =
                    Duration.ofNanos(Math.min(nanos, Duration.ofDays(36_500).toNanos()));
            assertThat(Durations.parse(Durations.format(duration)))
                    .as("seed %d", seed)
                    .isEqualTo(duration);
        }
    }
}
