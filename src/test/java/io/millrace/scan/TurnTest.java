// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TurnTest {
    private final ExecutorService pool = Executors.newCachedThreadPool();
    private final Turn turn = new Turn();

    @AfterEach
    void endThreads() throws InterruptedException {
        pool.shutdownNow();
        assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    private <T> List<Future<T>> start(int threads, Callable<T> work) {
        var started = new ArrayList<Future<T>>();
        for (int i = 0; i < threads; i++) {
            started.add(pool.submit(work));
        }
        return started;
    }

    @Test
    void letsThreadsWriteInOrderWithoutALockOfTheirOwn() throws Exception {
        long seed = new Random().nextLong();
        var claims = new AtomicLong();
        List<Long> order = new ArrayList<>(); // guarded by the turn, which is what is tested
        var threads = start(6, () -> {
            var random = new Random(seed ^ Thread.currentThread().getId());
            for (long mine = claims.getAndIncrement(); mine < 5_000; mine = claims.getAndIncrement()) {
                if (random.nextInt(50) == 0) {
                    Thread.sleep(1); // others wait asleep, not only spinning
                }
                assertThat(turn.await(mine)).isTrue();
                order.add(mine);
                turn.pass();
            }
            return null;
        });
        for (Future<?> thread : threads) {
            thread.get();
        }
        assertThat(order).as("seed %d", seed).hasSize(5_000).isSorted();
    }

    @Test
    void sendsAllHomeWhenItIsCancelled() throws Exception {
        var waiting = start(4, () -> turn.await(7));
        turn.cancel();
        for (Future<Boolean> one : waiting) {
            assertThat(one.get()).isFalse();
        }
        assertThat(turn.await(0)).as("even the one whose turn it is").isFalse();
    }

    @Test
    void hearsAnInterruptWhileItWaits() throws Exception {
        var asleep = new Thread(() -> {
            try {
                var unused = turn.await(1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        asleep.start();
        asleep.interrupt();
        asleep.join();
        assertThat(asleep.isAlive()).isFalse();
    }
}
