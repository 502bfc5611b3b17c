// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.throttle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.millrace.posix.FileStatus;
import io.millrace.posix.FileType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Scans that come to one file. */
class InodeLocksTest {
    private final InodeLocks turns = new InodeLocks();
    private final ReadGate first = ReadGate.of(new RateLimiter(RateLimiter.UNLIMITED));
    private final ReadGate second = ReadGate.of(new RateLimiter(RateLimiter.UNLIMITED));
    private final AtomicBoolean stopping = new AtomicBoolean();

    private static FileStatus file(long inode) {
        return new FileStatus(FileType.REGULAR, 0644, 0, 0, 1, inode, 1, 10, 8, 0, 0);
    }

    private Thread waiter(long inode) {
        var thread = new Thread(() -> {
            try {
                turns.take(file(inode), second, stopping::get);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        thread.start();
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        return thread;
    }

    @Test
    void letsAScanWaitForAnotherThatReadsTheFile() throws Exception {
        assertThat(turns.tryTake(file(1), first)).isTrue();
        assertThat(turns.tryTake(file(1), second)).isFalse();
        assertThat(turns.tryTake(file(2), second)).isTrue();
        var waiter = waiter(1);
        turns.leave(file(1), first);
        waiter.join();
        assertThat(turns.tryTake(file(1), first)).isFalse();
        turns.leave(file(1), second);
        turns.leave(file(2), second);
        assertThat(turns.size()).isZero();
    }

    @Test
    void doesNotLetAScanWaitForItself() {
        assertThat(turns.tryTake(file(1), first)).isTrue();
        assertThat(turns.tryTake(file(1), first)).as("by another name").isTrue();
        turns.leave(file(1), first);
        assertThat(turns.tryTake(file(1), second))
                .as("the other thread is still at it")
                .isFalse();
        turns.leave(file(1), first);
        assertThat(turns.tryTake(file(1), second)).isTrue();
    }

    @Test
    void doesNotWaitForAScanThatIsHeld() throws Exception {
        assertThat(turns.tryTake(file(1), first)).isTrue();
        var waiter = waiter(1);
        first.hold(ReadGate.Hold.PAUSE);
        waiter.join();
        turns.leave(file(1), second);
        first.release(ReadGate.Hold.PAUSE);
        first.hold(ReadGate.Hold.BREATH);
        assertThat(turns.tryTake(file(1), second)).as("a breath is short").isFalse();
        first.hold(ReadGate.Hold.YIELD);
        assertThat(turns.tryTake(file(1), second)).isTrue();
    }

    @Test
    void letsWhoeverIsToStopGo() throws Exception {
        assertThat(turns.tryTake(file(1), first)).isTrue();
        var waiter = waiter(1);
        stopping.set(true);
        waiter.join();
        turns.leave(file(1), second);
        turns.leave(file(1), first);
        assertThat(turns.size()).isZero();
    }

    @Test
    void refusesToEndWhatNeverBegan() {
        assertThat(turns.tryTake(file(1), first)).isTrue();
        assertThatIllegalStateException().isThrownBy(() -> turns.leave(file(1), second));
    }

    /** Any number of scans, threads and files, in any order: never two scans at one file, and an end. */
    @Test
    void neverHasTwoScansAtOneFile() throws Exception {
        long seed = new Random().nextLong();
        var readers = new AtomicInteger[5];
        var clashes = new AtomicInteger();
        for (int i = 0; i < readers.length; i++) {
            readers[i] = new AtomicInteger();
        }
        List<Thread> threads = new ArrayList<>();
        for (int scan = 0; scan < 6; scan++) {
            var random = new Random(seed + scan);
            var gate = ReadGate.of(new RateLimiter(RateLimiter.UNLIMITED));
            threads.add(new Thread(() -> {
                for (int i = 0; i < 2_000; i++) {
                    int inode = random.nextInt(readers.length);
                    try {
                        turns.take(file(inode), gate, () -> false);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    clashes.addAndGet(readers[inode].incrementAndGet() - 1);
                    readers[inode].decrementAndGet();
                    turns.leave(file(inode), gate);
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(clashes).as("seed %d", seed).hasValue(0);
        assertThat(turns.size()).isZero();
    }
}
