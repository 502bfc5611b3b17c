// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import static io.millrace.testkit.PageProbe.addedBytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.posix.FileStatus;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.testkit.Command;
import io.millrace.testkit.LoopMount.Kind;
import io.millrace.testkit.LoopMount;
import io.millrace.testkit.PageProbe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several consumers of one window, at paces of their own: one read of the device, and nothing left behind. */
class ConsumersIT {
    private static final long FILE_BYTES = (192L << 20) + 12_345;
    private static final long WINDOW_BYTES = 32 << 20;
    private static final long MAX_LEFT_BYTES = 1 << 20;

    @TempDir
    private Path directory;

    private PageProbe probe;
    private LoopMount mount;
    private Path path;
    private OwnedFd file;
    private FileStatus status;
    private Window window;

    @BeforeEach
    void open() throws Exception {
        probe = new PageProbe(directory);
        mount = LoopMount.of(Kind.EXT4, 300);
        path = Stage.write(mount.directory().resolve("shared"), FILE_BYTES, new Random(1));
        file = Stage.open(path);
        status = Stage.POSIX.files().status(file);
        var traits = MountTraits.probe(Stage.POSIX, file, status);
        var plan = ReadPlan.choose(Stage.POSIX, traits, file, WindowIT.forced(ReadStrategy.DROP_BEHIND));
        var whole = new ByteRange(0, status.sizeBytes());
        window = new Window(Stage.POSIX, traits, plan, file, status, whole, Reading.CHUNK_BYTES, new PeakGauge());
    }

    @AfterEach
    void close() throws IOException {
        if (file != null) {
            file.close();
        }
        if (mount != null) {
            mount.close();
        }
    }

    /** A consumer that notes where it is, so that others can be compared with it. */
    private final class Consumer implements Callable<String> {
        final Window.Cursor cursor = window.join();
        final AtomicLongArray places;
        final AtomicLong furthestAhead;
        final int number;
        final long pauseMillis;
        final long mostBytes;

        Consumer(AtomicLongArray places, AtomicLong furthestAhead, int number, long pauseMillis, long mostBytes) {
            this.places = places;
            this.furthestAhead = furthestAhead;
            this.number = number;
            this.pauseMillis = pauseMillis;
            this.mostBytes = mostBytes;
        }

        @Override
        public String call() throws Exception {
            MessageDigest digest = Reading.newDigest();
            long done = 0;
            try (var buffer = NativeBuffer.allocate(Reading.CHUNK_BYTES)) {
                Chunk chunk = cursor.next(Reading.CHUNK_BYTES);
                while (chunk != null) {
                    furthestAhead.accumulateAndGet(chunk.range().endBytes() - slowest(), Math::max);
                    Reading.digest(window, chunk, buffer, digest);
                    Thread.sleep(pauseMillis); // the pace of this consumer is what is tested
                    done = chunk.range().endBytes();
                    places.set(number, done);
                    cursor.done(done);
                    chunk = done < mostBytes ? cursor.next(Reading.CHUNK_BYTES) : null;
                }
            }
            places.set(number, Long.MAX_VALUE);
            cursor.leave();
            return done < FILE_BYTES ? "left at " + done : HexFormat.of().formatHex(digest.digest());
        }

        /** What the window is about to know: a place is noted just before it is told. */
        private long slowest() {
            long slowest = Long.MAX_VALUE;
            for (int i = 0; i < places.length(); i++) {
                slowest = Math.min(slowest, places.get(i));
            }
            return slowest;
        }
    }

    /** Runs consumers with these pauses after each chunk, and returns what each said; then the window is closed. */
    private List<String> run(AtomicLong furthestAhead, List<Long> pausesMillis, List<Long> mostBytes) throws Exception {
        var places = new AtomicLongArray(pausesMillis.size());
        List<Consumer> consumers = new ArrayList<>();
        for (int i = 0; i < pausesMillis.size(); i++) {
            consumers.add(new Consumer(places, furthestAhead, i, pausesMillis.get(i), mostBytes.get(i)));
        }
        var threads = Executors.newFixedThreadPool(consumers.size());
        try {
            List<String> said = new ArrayList<>();
            for (var answer : threads.invokeAll(consumers)) {
                said.add(answer.get());
            }
            return said;
        } finally {
            threads.shutdownNow();
            window.close();
        }
    }

    @Test
    void shareOneReadOfTheDevice() throws Exception {
        BitSet before = probe.resident(path);
        long readBefore = mount.deviceReadBytes();
        var furthestAhead = new AtomicLong();
        Long all = Long.MAX_VALUE;
        List<String> digests = run(furthestAhead, List.of(0L, 0L, 1L, 6L), List.of(all, all, all, all));
        double reads = (double) (mount.deviceReadBytes() - readBefore) / FILE_BYTES;
        long left = addedBytes(before, probe.resident(path));
        System.out.printf(
                "four consumers: device read %.4f times, furthest ahead %.1f MiB, left %d bytes%n",
                reads, furthestAhead.get() / 1048576.0, left);
        String sum = Command.run("sha256sum", path).substring(0, 64);
        assertThat(digests).containsExactly(sum, sum, sum, sum);
        assertThat(reads).isBetween(0.99, 1.02);
        assertThat(furthestAhead.get()).isLessThanOrEqualTo(WINDOW_BYTES);
        assertThat(left).isLessThanOrEqualTo(MAX_LEFT_BYTES);
    }

    @Test
    void oneThatLeavesEarlyHoldsNobodyUp() throws Exception {
        BitSet before = probe.resident(path);
        List<String> said = run(new AtomicLong(), List.of(0L, 1L), List.of(Long.MAX_VALUE, 24L << 20));
        assertThat(addedBytes(before, probe.resident(path))).isLessThanOrEqualTo(MAX_LEFT_BYTES);
        assertThat(said.get(1)).startsWith("left at ");
        assertThat(said.get(0)).isEqualTo(Command.run("sha256sum", path).substring(0, 64));
    }

    @Test
    void aScanThatIsBrokenOffLeavesNothing() throws Exception {
        BitSet before = probe.resident(path);
        List<String> said = run(new AtomicLong(), List.of(0L, 2L, 0L), List.of(100L << 20, 70L << 20, 90L << 20));
        long left = addedBytes(before, probe.resident(path));
        System.out.printf("broken off in the middle: left %d bytes%n", left);
        assertThat(said).allMatch(words -> words.startsWith("left at "));
        assertThat(left).isLessThanOrEqualTo(MAX_LEFT_BYTES);
    }

    @Test
    void aConsumerThatWaitsCanBeInterrupted() throws Exception {
        var idle = window.join();
        var eager = window.join();
        var thread = new Thread(() -> {
            try {
                Reading.drain(window, eager, Reading.newDigest(), Long.MAX_VALUE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        thread.start();
        try {
            await().until(() -> thread.getState() == Thread.State.WAITING);
            thread.interrupt();
            thread.join();
            idle.leave();
        } finally {
            window.close();
        }
        assertThat(addedBytes(new BitSet(), probe.resident(path))).isLessThanOrEqualTo(MAX_LEFT_BYTES);
    }
}
