// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.throttle;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Leftovers;
import java.io.IOException;
import java.util.OptionalDouble;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The thread that listens, and what the host says. */
class PressureMonitorTest {
    @RegisterExtension
    final Leftovers leftovers = new Leftovers();

    private final LinkedBlockingQueue<String> unknown = new LinkedBlockingQueue<>();

    private static ReadGate gate() {
        return ReadGate.of(new RateLimiter(RateLimiter.UNLIMITED));
    }

    private static long listeners() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("millrace-pressure"))
                .count();
    }

    @Test
    void listensOnlyWhileAScanMayMakeWay() throws Exception {
        var heard = new CountDownLatch(3);
        var pressure = new PressureMonitor(
                () -> {
                    heard.countDown();
                    return 0;
                },
                QuietWindowProbe.Clock.REAL,
                unknown::add);
        var rude = pressure.join(gate(), OptionalDouble.empty());
        assertThat(listeners()).isZero();
        var one = pressure.join(gate(), OptionalDouble.of(0.1));
        var two = pressure.join(gate(), OptionalDouble.of(0.1));
        assertThat(listeners()).isEqualTo(1);
        heard.await();
        pressure.leave(one);
        assertThat(listeners()).isEqualTo(1);
        pressure.leave(two);
        var three = pressure.join(gate(), OptionalDouble.of(0.1));
        pressure.leave(three);
        pressure.leave(rude);
    }

    @Test
    void saysOnceThatTheHostDoesNotTell() throws Exception {
        var pressure = new PressureMonitor(
                () -> {
                    throw new IOException("Operation not supported");
                },
                QuietWindowProbe.Clock.REAL,
                unknown::add);
        var scan = pressure.join(gate(), OptionalDouble.of(0.1));
        assertThat(unknown.poll(60, SECONDS)).isEqualTo("Operation not supported");
        pressure.leave(scan);
        pressure.leave(pressure.join(gate(), OptionalDouble.of(0.1)));
        assertThat(unknown.poll()).isNull();
        assertThat(scan.yields()).isFalse();
    }

    @Test
    void holdsTheScanWhileOthersWait() throws Exception {
        var micros = new AtomicLong();
        var pressure = new PressureMonitor(
                () -> micros.addAndGet(10_000_000), QuietWindowProbe.Clock.REAL, unknown::add); // all of the time
        var gate = gate();
        var scan = pressure.join(gate, OptionalDouble.of(0.5));
        while (!gate.isHeld(ReadGate.Hold.YIELD)) {
            Thread.onSpinWait();
        }
        assertThat(scan.yields()).isTrue();
        pressure.leave(scan);
        assertThat(gate.isHeld()).isFalse();
        assertThat(scan.yieldedNanos()).isPositive();
    }
}
