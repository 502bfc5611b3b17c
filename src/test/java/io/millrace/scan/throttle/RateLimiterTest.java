// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.throttle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** By a clock that moves only when somebody has to wait: each look at it is a millisecond later. */
class RateLimiterTest {
    private static final long LOOK_NANOS = 1_000_000;

    private final AtomicLong clock = new AtomicLong();

    private RateLimiter limiter(long bytesPerSecond) {
        return new RateLimiter(bytesPerSecond, () -> clock.addAndGet(LOOK_NANOS));
    }

    private static void take(RateLimiter limiter, long bytes) throws InterruptedException {
        limiter.take(bytes, () -> false);
    }

    private double seconds() {
        return clock.get() / 1e9;
    }

    /** Waits by the real clock are short, since the rate is a million times what it says by this one. */
    @Test
    void keepsToTheRateOverAnySequenceOfRequests() throws Exception {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        long rate = 1L << 40;
        var limiter = limiter(rate);
        long taken = 0;
        long last = 0;
        for (int i = 0; i < 60; i++) {
            last = 1 + random.nextLong(1L << 34);
            take(limiter, last);
            taken += last;
            double allowed = seconds() * rate + 0.1 * rate + last;
            assertThat((double) taken).as("seed %d, request %d", seed, i).isLessThanOrEqualTo(allowed);
        }
        assertThat((double) taken)
                .as("seed %d: not much less than the rate either", seed)
                .isGreaterThan(0.5 * Math.min(seconds() * rate, taken));
    }

    @Test
    void letsALargeRequestThroughAndMakesTheNextPay() throws Exception {
        var limiter = limiter(1_000);
        take(limiter, 50);
        double before = seconds();
        assertThat(before).as("the first is free").isLessThan(0.1);
        take(limiter, 0);
        assertThat(seconds()).isBetween(before, 0.2);
    }

    @Test
    void savesUpATenthOfASecondAtMost() throws Exception {
        var limiter = limiter(1_000_000);
        clock.addAndGet(3_600L * 1_000_000_000);
        double start = seconds();
        for (int i = 0; i < 20; i++) {
            take(limiter, 10_000); // 0.2 s of the rate, 0.1 s of it saved
        }
        assertThat(seconds() - start).isBetween(0.07, 0.2);
    }

    @Test
    void doesNotWaitWithoutALimit() throws Exception {
        var limiter = limiter(RateLimiter.UNLIMITED);
        take(limiter, Long.MAX_VALUE);
        take(limiter, Long.MAX_VALUE);
        assertThat(seconds()).isLessThan(0.1);
    }

    @Test
    void letsWaitersGoWhenTheLimitIsLifted() throws Exception {
        var limiter = new RateLimiter(1);
        take(limiter, 1_000_000_000);
        var waiter = waiter(limiter, new AtomicBoolean());
        limiter.setBytesPerSecond(RateLimiter.UNLIMITED);
        waiter.join();
        assertThat(limiter.bytesPerSecond()).isEqualTo(RateLimiter.UNLIMITED);
    }

    @Test
    void letsWaitersGoWhenTheyAreToStop() throws Exception {
        var limiter = new RateLimiter(1);
        take(limiter, 1_000_000_000);
        var stopping = new AtomicBoolean();
        var waiter = waiter(limiter, stopping);
        stopping.set(true);
        waiter.join();
    }

    private static Thread waiter(RateLimiter limiter, AtomicBoolean stopping) {
        var thread = new Thread(() -> {
            try {
                limiter.take(1, stopping::get);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.start();
        while (thread.getState() == Thread.State.NEW || thread.getState() == Thread.State.RUNNABLE) {
            Thread.onSpinWait();
        }
        return thread;
    }

    @Test
    void keepsDebtsOverAChangeOfRate() throws Exception {
        var limiter = limiter(1_000_000);
        take(limiter, 100_000);
        limiter.setBytesPerSecond(10_000_000);
        double start = seconds();
        take(limiter, 1);
        assertThat(seconds() - start).isBetween(0.005, 0.02);
    }

    @Test
    void refusesNegativeRates() {
        assertThatIllegalArgumentException().isThrownBy(() -> new RateLimiter(-1));
        var limiter = limiter(5);
        assertThatIllegalArgumentException().isThrownBy(() -> limiter.setBytesPerSecond(-5));
        assertThat(limiter.bytesPerSecond()).isEqualTo(5);
    }
}
