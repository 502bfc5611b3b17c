// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Pressure as it was recorded beside real neighbours, replayed by a clock that moves only when somebody sleeps. */
class QuietWindowProbeTest {
    private static final double SECOND = 1e9;

    private final ReadGate gate = ReadGate.of(new RateLimiter(RateLimiter.UNLIMITED));
    private final List<String> events = new ArrayList<>();
    private long now;
    private double waitedMicros;
    private double heldNanos;

    /** The share of time for which others wait, by the second. */
    private DoubleUnaryOperator others = second -> 0;

    /** What our own reads add while the scan is not held. */
    private double own = 0.9;

    private final QuietWindowProbe.Clock clock = new QuietWindowProbe.Clock() {
        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public void sleep(long nanos) {
            for (long left = nanos; left > 0; left -= 1_000_000) {
                long step = Math.min(left, 1_000_000);
                double share = Math.max(others.applyAsDouble(now / SECOND), gate.isHeld() ? 0 : own);
                heldNanos += gate.isHeld() ? step : 0;
                waitedMicros += share * step / 1_000;
                now += step;
            }
        }
    };
    private final QuietWindowProbe breath = new QuietWindowProbe(() -> (long) waitedMicros, clock);

    private YieldController scan(double yieldAbove) {
        return new YieldController(gate, OptionalDouble.of(yieldAbove), clock::nanoTime);
    }

    /** Notes at which second the scan made way and went on. */
    private void listen(double untilSecond, YieldController... scans) throws Exception {
        boolean yielded = scans[0].yields();
        while (now / SECOND < untilSecond) {
            breath.round(List.of(scans));
            if (scans[0].yields() != yielded) {
                yielded = !yielded;
                events.add(yielded ? "makes way" : "goes on");
            }
        }
    }

    @Test
    void doesNotTakeItsOwnWaitingForOthers() throws Exception {
        own = 1;
        var scan = scan(0.01);
        listen(30, scan);
        assertThat(events).isEmpty();
        assertThat(scan.yieldedNanos()).isZero();
    }

    @Test
    void makesWayWithinTwoSecondsAndGoesOnWithinFive() throws Exception {
        others = second -> second >= 5.01 && second < 15 ? 0.97 : 0.001;
        var scan = scan(0.2);
        listen(5, scan);
        assertThat(events).isEmpty();
        listen(7, scan);
        assertThat(events).containsExactly("makes way");
        assertThat(gate.isHeld(ReadGate.Hold.YIELD)).isTrue();
        listen(15, scan);
        assertThat(events).hasSize(1);
        listen(20, scan);
        assertThat(events).containsExactly("makes way", "goes on");
        assertThat(gate.isHeld()).isFalse();
        assertThat(scan.yieldedNanos() / SECOND).isBetween(9.0, 13.0);
    }

    @Test
    void isNotDrivenAwayByOneBurst() throws Exception {
        others = second -> second % 1.2 < 0.06 ? 1 : 0;
        listen(30, scan(0.3));
        assertThat(events).isEmpty();
    }

    @Test
    void staysAwayWhileCalmIsShort() throws Exception {
        others = second -> second % 1 < 0.5 ? 0.9 : 0; // never calm for a second and a half
        var scan = scan(0.2);
        listen(30, scan);
        assertThat(events).containsExactly("makes way");
    }

    @Test
    void hearsThroughAScanThatKeepsReading() throws Exception {
        others = second -> second < 10 ? 0.9 : 0;
        var polite = scan(0.2);
        var otherPace = ReadGate.of(new RateLimiter(RateLimiter.UNLIMITED));
        var rude = new YieldController(otherPace, OptionalDouble.empty(), clock::nanoTime);
        listen(9, polite, rude);
        assertThat(events).containsExactly("makes way");
        assertThat(otherPace.isHeld()).as("only for a breath").isFalse();
        listen(15, polite, rude);
        assertThat(events).containsExactly("makes way", "goes on");
    }

    @Test
    void holdsEachScanToItsOwnThreshold() throws Exception {
        others = second -> 0.4;
        var lenient = scan(0.5);
        var strict = new YieldController(
                ReadGate.of(new RateLimiter(RateLimiter.UNLIMITED)), OptionalDouble.of(0.3), clock::nanoTime);
        listen(5, lenient, strict);
        assertThat(lenient.yields()).isFalse();
        assertThat(strict.yields()).isTrue();
    }

    @Test
    void holdsNobodyWhenTheScanIsOver() throws Exception {
        others = second -> 0.9;
        var scan = scan(0.2);
        listen(3, scan);
        assertThat(gate.isHeld()).isTrue();
        scan.end();
        assertThat(gate.isHeld()).isFalse();
        scan.make(1);
        assertThat(gate.isHeld()).isFalse();
    }

    @Test
    void costsAnUndisturbedScanLittle() throws Exception {
        var scan = scan(0.2);
        listen(60, scan);
        assertThat(heldNanos / SECOND / 60)
                .as("share of time in which it is held")
                .isBetween(0.02, 0.05);
    }
}
