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

    private final ReadGate pace = ReadGate.of(new RateLimiter(RateLimiter.UNLIMITED));
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
        pace.hold(ReadGate.Hold.PAUSE);
        pace.hold(ReadGate.Hold.BREATH);
        var waiter = waiter(pace, 1);
        pace.release(ReadGate.Hold.BREATH);
        assertThat(hasEnded(waiter, 150)).isFalse();
        assertThat(pace.isAway()).isTrue();
        pace.release(ReadGate.Hold.PAUSE);
        waiter.join();
        assertThat(pace.isHeld()).isFalse();
        assertThat(escaped).isEmpty();
    }

    @Test
    void letsWhoeverIsToStopGoWhileItIsHeld() throws Exception {
        pace.hold(ReadGate.Hold.YIELD);
        var waiter = waiter(pace, 1);
        stopping.set(true);
        pace.wake();
        waiter.join();
        assertThat(pace.isReading()).isFalse();
        assertThat(escaped).isEmpty();
    }

    @Test
    void isQuietOnlyWhenTheReadsUnderWayHaveEnded() throws Exception {
        pace.take(1, stopping::get);
        assertThat(pace.tryEnter()).isTrue();
        pace.hold(ReadGate.Hold.BREATH);
        assertThat(pace.tryEnter()).isFalse();
        assertThat(pace.awaitQuiet(1_000_000)).isFalse();
        pace.leave();
        assertThat(pace.awaitQuiet(1_000_000)).isFalse();
        var reader = new Thread(pace::leave);
        reader.start();
        assertThat(pace.awaitQuiet(60 * SECOND)).isTrue();
        reader.join();
    }

    @Test
    void countsNoReadThatNeverBegan() throws Exception {
        pace.hold(ReadGate.Hold.BREATH);
        assertThat(pace.tryEnter()).isFalse();
        assertThat(pace.awaitQuiet(0)).isTrue();
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
        pace.hold(ReadGate.Hold.BREATH);
        long breath = pace.nanosUntilFree();
        pace.hold(ReadGate.Hold.PAUSE);
        assertThat(pace.nanosUntilFree()).isGreaterThan(breath);
        assertThat(breath).isPositive();
        pace.release(ReadGate.Hold.BREATH);
        pace.release(ReadGate.Hold.PAUSE);
        assertThat(pace.nanosUntilFree()).isZero();
    }
}
