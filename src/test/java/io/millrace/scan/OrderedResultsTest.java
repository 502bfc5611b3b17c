// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.lifecycle.StopSignal;
import io.millrace.posix.BytePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads that do nothing but take files and finish them, in as many orders as chance gives. */
@Timeout(60)
class CrewTest {
    private final ScanProgress progress = new ScanProgress(new StopSignal());
    private final List<Long> told = new ArrayList<>(); // under the crew's lock
    private final AtomicLong found = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();

    private static FileResult result(long number) {
        return new FileResult(BytePath.of("file"), number, Map.of(), List.of(), 0, Optional.empty(), Optional.empty());
    }

    private Crew crew(int parallel, ScanListener listener) {
        return new Crew(listener, parallel, 1, progress);
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

    private void run(Crew crew, int threadCount, long files, Work work) throws InterruptedException {
        for (int i = 0; i < threadCount; i++) {
            var thread = new Thread(() -> {
                try {
                    while (crew.await(() -> true) != null) {
                        long number = found.getAndIncrement();
                        if (number >= files) {
                            crew.allWalked();
                        } else {
                            work.on(number);
                            crew.told(number, result(number));
                            crew.finished();
                        }
                    }
                } catch (Throwable e) {
                    crew.fail(e);
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Test
    void tellsFilesInTheOrderInWhichTheyWereFound() throws Exception {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        var crew = crew(8, noting());
        run(crew, 8, 20_000, number -> {
            if (random.nextInt(100) == 0) {
                Thread.sleep(0, random.nextInt(1_000_000));
            }
        });
        crew.close();
        assertThat(told).as("seed %d", seed).hasSize(20_000).isSorted();
        assertThat(progress.files()).isEqualTo(20_000);
    }

    @Test
    void takesNoMoreThanSoManyFilesPastASlowOne() throws Exception {
        var crew = crew(4, noting());
        run(crew, 4, 6_000, number -> {
            if (number == 0) {
                while (found.get() < 4_000) {
                    Thread.onSpinWait(); // until most others have gone ahead
                }
                Thread.sleep(300);
                assertThat(found.get()).isLessThanOrEqualTo(4_096 + 4);
            }
        });
        crew.close();
        assertThat(told).hasSize(6_000).isSorted();
    }

    @Test
    void lendsNoMoreFilesThanMayBeOpen() throws Exception {
        var open = new AtomicLong();
        var crew = crew(2, noting());
        run(crew, 6, 5_000, number -> {
            assertThat(open.incrementAndGet()).isLessThanOrEqualTo(2);
            Thread.yield();
            open.decrementAndGet();
        });
        crew.close();
        assertThat(told).hasSize(5_000);
    }

    @Test
    void endsEveryThreadWhenTheListenerThrows() throws Exception {
        var crew = crew(4, new ScanListener() {
            @Override
            public void fileFinished(FileResult result) throws IOException {
                told.add(result.bytes());
                if (result.bytes() == 100) {
                    throw new IOException("no more room");
                }
            }
        });
        run(crew, 4, Long.MAX_VALUE, number -> {});
        assertThatThrownBy(crew::close).isInstanceOf(IOException.class).hasMessage("no more room");
        assertThat(told).as("nothing is told after that").hasSize(101);
    }

    @Test
    void endsEveryThreadWhenOneDiesWithAFileInHand() throws Exception {
        var crew = crew(4, noting());
        run(crew, 4, Long.MAX_VALUE, number -> {
            if (number == 50) {
                throw new NoClassDefFoundError("gone");
            }
        });
        assertThatThrownBy(crew::close).hasMessageContaining("gone").hasCauseInstanceOf(NoClassDefFoundError.class);
        assertThat(told).isSorted().doesNotContain(50L);
    }

    @Test
    void throwsWhatThePathsThrew() throws Exception {
        var crew = crew(2, noting());
        run(crew, 2, 10, number -> {
            throw new UncheckedIOException(new IOException("list: read: EIO"));
        });
        assertThatThrownBy(crew::close).isInstanceOf(IOException.class).hasMessage("list: read: EIO");
    }

    @Test
    void tellsTheFilesBehindOneThatWasStopped() throws Exception {
        var crew = crew(3, noting());
        for (int i = 0; i < 3; i++) {
            assertThat(crew.await(() -> true)).isNotNull();
        }
        crew.told(2, result(2));
        crew.finished();
        crew.told(1, null);
        crew.finished();
        progress.abandon();
        crew.told(0, result(0));
        crew.finished();
        assertThat(told).containsExactly(0L);
        crew.close();
        assertThat(told).containsExactly(0L, 2L);
    }
}
