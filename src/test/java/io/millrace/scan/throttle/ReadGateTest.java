// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Who may read when. */
class ReadGateTest {
    private static final long SECOND = 1_000_000_000;

    private final ReadGate gate = ReadGate.of(new RateLimiter(RateLimiter.UNLIMITED));
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final List<Throwable> escaped = Collections.synchronizedList(new ArrayList<>());

    /** Begins a read on a thread of its own, and returns once that sleeps. */
    private Thread waiter(ReadGate at, long bytes) {
        var thread = new Thread(() -> {
            try {
                at.take(bytes, stopping::get);
                at.leave();
            } catch (Throwable e) {
                escaped.add(e);
            }
        });
        thread.start();
        while (thread.getState() == Thread.State.NEW || thread.getState() == Thread.State.RUNNABLE) {
            Thread.onSpinWait();
        }
        return thread;
    }

    private static boolean hasEnded(Thread thread, long withinMillis) throws InterruptedException {
        thread.join(withinMillis);
        return !thread.isAlive();
    }

    @Test
    void holdsAReadUntilTheLastReasonIsGone() throws Exception {
        gate.hold(ReadGate.Hold.PAUSE);
        gate.hold(ReadGate.Hold.BREATH);
        var waiter = waiter(gate, 1);
        gate.release(ReadGate.Hold.BREATH);
        assertThat(hasEnded(waiter, 150)).isFalse();
        assertThat(gate.isAway()).isTrue();
        gate.release(ReadGate.Hold.PAUSE);
        waiter.join();
        assertThat(gate.isHeld()).isFalse();
        assertThat(escaped).isEmpty();
    }

    @Test
    void letsWhoeverIsToStopGoWhileItIsHeld() throws Exception {
        gate.hold(ReadGate.Hold.YIELD);
        var waiter = waiter(gate, 1);
        stopping.set(true);
        gate.wake();
        waiter.join();
        assertThat(gate.isReading()).isFalse();
        assertThat(escaped).isEmpty();
    }

    @Test
    void isQuietOnlyWhenTheReadsUnderWayHaveEnded() throws Exception {
        gate.take(1, stopping::get);
        assertThat(gate.tryEnter()).isTrue();
        gate.hold(ReadGate.Hold.BREATH);
        assertThat(gate.tryEnter()).isFalse();
        assertThat(gate.awaitQuiet(1_000_000)).isFalse();
        gate.leave();
        assertThat(gate.awaitQuiet(1_000_000)).isFalse();
        var reader = new Thread(gate::leave);
        reader.start();
        assertThat(gate.awaitQuiet(60 * SECOND)).isTrue();
        reader.join();
    }

    @Test
    void countsNoReadThatNeverBegan() throws Exception {
        gate.hold(ReadGate.Hold.BREATH);
        assertThat(gate.tryEnter()).isFalse();
        assertThat(gate.awaitQuiet(0)).isTrue();
    }

    @Test
    void asksEveryLimiterAndPaysAtEach() throws Exception {
        var own = new RateLimiter(1_000_000_000);
        var total = new RateLimiter(1_000);
        var both = new ReadGate(List.of(own, total), (bytes, nanos) -> {});
        both.take(1_000_000, stopping::get);
        both.leave();
        assertThat(own.nanosUntilFree()).as("a thousandth of a second's").isLessThan(2_000_000);
        assertThat(both.nanosUntilFree()).as("a thousand seconds' worth").isGreaterThan(900 * SECOND);
        assertThat(both.isFree()).isFalse();
        both.take(0, stopping::get); // costs nothing, so it asks no rate
        both.leave();
        var waiter = waiter(both, 1);
        total.setBytesPerSecond(RateLimiter.UNLIMITED);
        both.wake();
        waiter.join();
        assertThat(escaped).isEmpty();
    }

    @Test
    void hearsOfAnotherRateWithoutBeingWoken() throws Exception {
        var total = new RateLimiter(1);
        total.charge(1_000_000);
        var waiter = waiter(new ReadGate(List.of(total), (bytes, nanos) -> {}), 1);
        total.setBytesPerSecond(RateLimiter.UNLIMITED);
        assertThat(hasEnded(waiter, 60_000)).isTrue();
    }

    @Test
    void tellsThoseWhoCannotWaitWhenToAskAgain() {
        gate.hold(ReadGate.Hold.BREATH);
        long breath = gate.nanosUntilFree();
        gate.hold(ReadGate.Hold.PAUSE);
        assertThat(gate.nanosUntilFree()).isGreaterThan(breath);
        assertThat(breath).isPositive();
        gate.release(ReadGate.Hold.BREATH);
        gate.release(ReadGate.Hold.PAUSE);
        assertThat(gate.nanosUntilFree()).isZero();
    }
}
