// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.lifecycle.CancellationToken;
import io.millrace.posix.libc.BytePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Threads that do nothing but take files and hand over results, in as many orders and pieces as chance gives. */
class OrderedResultsTest {
    private final ScanProgress progress = new ScanProgress(new CancellationToken());
    private final List<Long> told = new ArrayList<>(); // by one thread at a time
    private final AtomicLong found = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();

    private static FileResult result(long number) {
        return new FileResult(BytePath.of("file"), number, Map.of(), List.of(), 0, Optional.empty(), Optional.empty());
    }

    private ScanScheduler scheduler(int parallel) {
        return new ScanScheduler(parallel, 1, progress);
    }

    private ScanListener noting() {
        return new ScanListener() {
            @Override
            public void fileFinished(FileResult result) {
                told.add(result.bytes());
            }
        };
    }

    /** What to do with a file before it is finished. */
    private interface Work {
        void on(long number) throws Exception;
    }

    private void run(ScanScheduler scheduler, OrderedResults results, int threadCount, long files, Work work)
            throws InterruptedException {
        for (int i = 0; i < threadCount; i++) {
            var random = new Random(i);
            var thread = new Thread(() -> {
                try {
                    var assignment = scheduler.next(null, true);
                    while (assignment != null) {
                        int run = 1 + random.nextInt(5);
                        long first = found.getAndAdd(run);
                        if (first >= files) {
                            scheduler.allWalked();
                        } else {
                            var done = new ArrayList<FileResult>();
                            for (long number = first; number < Math.min(first + run, files); number++) {
                                work.on(number);
                                done.add(result(number));
                            }
                            results.add(first, done);
                        }
                        assignment = scheduler.next(assignment, true);
                    }
                } catch (Throwable e) {
                    scheduler.fail(e);
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        results.close();
    }

    @Test
    void tellsFilesInTheOrderInWhichTheyWereFound() throws Exception {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        var scheduler = scheduler(8);
        var results = new OrderedResults(noting(), scheduler);
        run(scheduler, results, 8, 20_000, number -> {
            if (random.nextInt(100) == 0) {
                Thread.sleep(0, random.nextInt(1_000_000));
            }
        });
        scheduler.close();
        assertThat(told).as("seed %d", seed).hasSize(20_000).isSorted();
    }

    @Test
    void takesNoMoreThanSoManyFilesPastASlowOne() throws Exception {
        var scheduler = scheduler(4);
        var results = new OrderedResults(noting(), scheduler);
        run(scheduler, results, 4, 6_000, number -> {
            if (number == 0) {
                while (found.get() < 4_000) {
                    Thread.onSpinWait(); // until most others have gone ahead
                }
                Thread.sleep(300);
                assertThat(found.get()).as("a buffer, and a run of each thread").isLessThanOrEqualTo(4_096 + 4 * 5);
            }
        });
        scheduler.close();
        assertThat(told).hasSize(6_000).isSorted();
    }

    @Test
    void lendsNoMoreFilesThanMayBeOpen() throws Exception {
        var open = new AtomicLong();
        var scheduler = scheduler(2);
        var results = new OrderedResults(noting(), scheduler);
        run(scheduler, results, 6, 5_000, number -> {
            assertThat(open.incrementAndGet()).isLessThanOrEqualTo(2);
            Thread.yield();
            open.decrementAndGet();
        });
        scheduler.close();
        assertThat(told).hasSize(5_000);
    }

    @Test
    void endsEveryThreadWhenTheListenerThrows() throws Exception {
        var scheduler = scheduler(4);
        var results = new OrderedResults(
                new ScanListener() {
                    @Override
                    public void fileFinished(FileResult result) throws IOException {
                        told.add(result.bytes());
                        if (result.bytes() == 100) {
                            throw new IOException("no more room");
                        }
                    }
                },
                scheduler);
        run(scheduler, results, 4, Long.MAX_VALUE, number -> {});
        assertThatThrownBy(scheduler::close).isInstanceOf(IOException.class).hasMessage("no more room");
        assertThat(told).as("nothing is told after that").hasSize(101);
    }

    @Test
    void endsEveryThreadWhenOneDiesWithAFileInHand() throws Exception {
        var scheduler = scheduler(4);
        var results = new OrderedResults(noting(), scheduler);
        run(scheduler, results, 4, Long.MAX_VALUE, number -> {
            if (number == 50) {
                throw new NoClassDefFoundError("gone");
            }
        });
        assertThatThrownBy(scheduler::close)
                .hasMessageContaining("gone")
                .hasCauseInstanceOf(NoClassDefFoundError.class);
        assertThat(told).isSorted().doesNotContain(50L);
    }

    @Test
    void throwsWhatThePathsThrew() throws Exception {
        var scheduler = scheduler(2);
        var results = new OrderedResults(noting(), scheduler);
        run(scheduler, results, 2, 10, number -> {
            throw new UncheckedIOException(new IOException("list: read: EIO"));
        });
        assertThatThrownBy(scheduler::close).isInstanceOf(IOException.class).hasMessage("list: read: EIO");
    }

    @Test
    void reportsTheFilesBehindOneThatWasStopped() throws Exception {
        var scheduler = scheduler(3);
        var results = new OrderedResults(noting(), scheduler);
        results.add(3, List.of(result(3), result(4)));
        progress.abandon();
        results.add(0, List.of(result(0)));
        assertThat(told).containsExactly(0L);
        results.close();
        scheduler.close();
        assertThat(told).containsExactly(0L, 3L, 4L);
    }

    @Test
    void anotherThreadsResultsDoNotWaitForTheListener() throws Exception {
        var scheduler = scheduler(2);
        var inListener = new CountDownLatch(1);
        var mayGoOn = new CountDownLatch(1);
        var results = new OrderedResults(
                new ScanListener() {
                    @Override
                    public void fileFinished(FileResult result) {
                        told.add(result.bytes());
                        inListener.countDown();
                        awaitQuietly(mayGoOn);
                    }
                },
                scheduler);
        var reporter = new Thread(() -> results.add(0, List.of(result(0))));
        reporter.start();
        inListener.await();
        results.add(1, List.of(result(1))); // returns, though the listener is busy
        mayGoOn.countDown();
        reporter.join();
        assertThat(told).containsExactly(0L, 1L);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
