// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.testkit.CachedFile;
import io.millrace.testkit.Descriptors;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Order, changes under the reader's hands, and ways to end. */
class BulkScannerIT {
    private static final int MEGABYTE = 1 << 20;
    private static final int SIGINT = 2;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void tellsResultsInTheOrderOfThePaths(int parallel) throws Exception {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        List<Path> paths = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Path path = directory.resolve("file-" + random.nextInt());
            paths.add(path);
            int size = random.nextInt(10) == 0 ? random.nextInt(12 * MEGABYTE) : random.nextInt(20_000);
            var unused = CachedFile.random(path, size, i);
        }
        var run = ScanRun.with(DigestAlgorithm.CRC32C, DigestAlgorithm.MD5).parallel(parallel);
        assertThat(run.of(paths.toArray(Path[]::new)).isGood()).isTrue();
        assertThat(run.results())
                .as("seed %d", seed)
                .extracting(result -> result.path().toString())
                .containsExactlyElementsOf(paths.stream().map(Path::toString).toList());
    }

    @Test
    void remembersAFewThousandSmallFilesBehindABigOne() throws Exception {
        Path big = directory.resolve("big");
        Path small = Files.createDirectory(directory.resolve("small"));
        var unused = CachedFile.random(big, 24 * MEGABYTE, 1);
        for (int i = 0; i < 6_000; i++) {
            Files.write(small.resolve("s" + i), new byte[] {(byte) i});
        }
        var run = ScanRun.with(DigestAlgorithm.values()).parallel(3).rate(60 * MEGABYTE);
        var summary = run.of(big, small);
        assertThat(summary.isGood()).isTrue();
        assertThat(summary.files()).isEqualTo(6_001);
        assertThat(run.results().get(0).path().toString()).isEqualTo(big.toString());
    }

    @Test
    void saysThatAFileGrew() throws Exception {
        Path file = directory.resolve("log");
        var unused = CachedFile.random(file, 12 * MEGABYTE, 1);
        byte[] before = Files.readAllBytes(file);
        var run = scanWhile(file, () -> Files.write(file, new byte[10], StandardOpenOption.APPEND));
        assertThat(run.result().error()).isEmpty();
        assertThat(run.result().change().get())
                .isEqualTo(file + ": grew from " + before.length + " to " + (before.length + 10)
                        + " bytes while it was read");
        assertThat(run.result().bytes()).as("no more than it had at the open").isEqualTo(before.length);
    }

    @Test
    void saysThatAFileWasRewritten() throws Exception {
        Path file = directory.resolve("table");
        var unused = CachedFile.random(file, 12 * MEGABYTE, 1);
        var run = scanWhile(file, () -> {
            try (var out = new RandomAccessFile(file.toFile(), "rw")) {
                out.write(1);
            }
        });
        assertThat(run.result().change().get()).isEqualTo(file + ": was written to while it was read");
        assertThat(run.result().isGood()).isFalse();
    }

    @Test
    void saysThatAFileWasRemoved() throws Exception {
        Path file = directory.resolve("gone");
        var unused = CachedFile.random(file, 12 * MEGABYTE, 1);
        var run = scanWhile(file, () -> Files.delete(file));
        assertThat(run.result().change().get()).isEqualTo(file + ": was removed while it was read");
    }

    @Test
    void saysThatAFileShrank() throws Exception {
        Path file = directory.resolve("shrinking");
        var unused = CachedFile.random(file, 12 * MEGABYTE, 1);
        var run = scanWhile(file, () -> {
            try (var out = new RandomAccessFile(file.toFile(), "rw")) {
                out.setLength(5);
            }
        });
        assertThat(run.result().error().get()).startsWith(file + ": shrank while it was read: ends at byte ");
        assertThat(run.result().digests()).isEmpty();
    }

    private interface Act {
        void now() throws IOException;
    }

    /** Does something to the file when it is being read: a small file before it has been told. */
    private ScanRun scanWhile(Path file, Act act) throws Exception {
        Path first = Files.write(directory.resolve("first"), new byte[1]);
        var run = ScanRun.with(DigestAlgorithm.CRC32C).parallel(1).rate(8 * MEGABYTE);
        var begun = new CountDownLatch(1);
        var done = new AtomicBoolean();
        var writer = new Thread(() -> {
            try {
                begun.await();
                while (!Descriptors.isOpen(file)) {
                    Thread.sleep(1);
                }
                act.now();
                done.set(true);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        writer.start();
        run.tell(new ScanListener() {
            @Override
            public void fileFinished(FileResult result) {
                begun.countDown();
            }
        });
        var summary = run.of(first, file);
        writer.join();
        assertThat(done).isTrue();
        assertThat(summary.isGood()).isFalse();
        run.results().remove(0);
        return run;
    }

    @Test
    void throwsWhatTheListenerThrew() throws Exception {
        for (int i = 0; i < 200; i++) {
            Files.write(directory.resolve("f" + i), new byte[i]);
        }
        var failure = new IllegalStateException("enough");
        var run = ScanRun.with(DigestAlgorithm.SHA1).parallel(3).tell(new ScanListener() {
            @Override
            public void fileFinished(FileResult result) {
                throw failure;
            }
        });
        assertThatThrownBy(() -> run.of(directory)).isSameAs(failure);
        assertThat(run.results()).as("nothing is told after that").hasSize(1);
    }

    @Test
    void countsWhatItToldWhenItIsStopped() throws Exception {
        for (int i = 0; i < 3_000; i++) {
            Files.write(directory.resolve("f" + i), new byte[i]);
        }
        var run = ScanRun.with(DigestAlgorithm.SHA1).parallel(3);
        run.tell(new ScanListener() {
            @Override
            public void fileFinished(FileResult result) {
                if (run.results().size() == 100) {
                    run.stop().request(SIGINT);
                }
            }
        });
        var summary = run.of(directory);
        assertThat(summary.stopped()).isTrue();
        assertThat(summary.files()).isEqualTo(run.results().size()).isBetween(100L, 2_999L);
        assertThat(summary.bytes())
                .isEqualTo(run.results().stream().mapToLong(FileResult::bytes).sum());
    }

    @Test
    void waitsForItsThreadsWhenItIsInterrupted() throws Exception {
        Path file = directory.resolve("big");
        var unused = CachedFile.random(file, 24 * MEGABYTE, 1);
        var run = ScanRun.with(DigestAlgorithm.CRC32C).rate(MEGABYTE);
        var failure = new ArrayList<Throwable>();
        var scanning = new Thread(() -> {
            try {
                var summary = run.of(file);
                failure.add(new AssertionError("not interrupted: " + summary));
            } catch (InterruptedException e) {
                return;
            } catch (Throwable e) {
                failure.add(e);
            }
        });
        scanning.start();
        while (!Descriptors.isOpen(file)) {
            Thread.sleep(1);
        }
        scanning.interrupt();
        scanning.join();
        assertThat(failure).isEmpty();
    }
}
