// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.lifecycle.CancellationToken;
import io.millrace.pagecache.CachePolicy;
import io.millrace.pagecache.MountTraitsCache;
import io.millrace.pagecache.PeakGauge;
import io.millrace.pagecache.ReadPlan;
import io.millrace.pagecache.Window;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.scan.digest.Crc32cDigest;
import io.millrace.scan.digest.Digest;
import io.millrace.scan.throttle.RateLimiter;
import io.millrace.scan.throttle.ReadGate;
import io.millrace.scan.walk.OpenedFile;
import io.millrace.scan.walk.WalkEntry;
import io.millrace.testkit.CachedFile;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hands that meet a digest that is slow, or that fails while others wait. */
class DigestPipelineIT {
    @TempDir
    Path directory;

    private final Posix posix = LinuxPosix.create();
    private final List<Throwable> escaped = new ArrayList<>();

    private interface Update {
        void update(NativeBuffer buffer, int offsetBytes, int lengthBytes);
    }

    /** A digest that says of itself whether its reader should compute it, and in whose way something stands. */
    private record Obstacle(boolean isFasterThanReading, Update update) implements Digest {
        @Override
        public void update(NativeBuffer buffer, int offsetBytes, int lengthBytes) {
            update.update(buffer, offsetBytes, lengthBytes);
        }

        @Override
        public byte[] finish() {
            return new byte[0];
        }
    }

    private static DigestPipeline relay(Window window, Digest... digests) {
        return new DigestPipeline(
                window,
                List.of(digests),
                ReadGate.of(new RateLimiter(RateLimiter.UNLIMITED)),
                new ScanProgress(new CancellationToken()));
    }

    private OpenedFile open(Path path) throws IOException {
        return OpenedFile.open(
                posix,
                new MountTraitsCache(posix),
                new WalkEntry(0, BytePath.of(path.toString()), null, new byte[0], null),
                () -> false);
    }

    private Window window(OpenedFile file) throws IOException {
        var plan = ReadPlan.choose(posix, file.traits(), file.fd(), ReadPlan.Wish.of(CachePolicy.NEUTRAL));
        return new Window(
                posix, file.traits(), plan, file.fd(), file.status(), file.content(), 4 << 20, new PeakGauge());
    }

    private Thread digestBuffer(DigestPipeline relay) {
        var thread = new Thread(() -> {
            try (var buffer = NativeBuffer.allocate(4 << 20)) {
                relay.digestShare(buffer);
            } catch (Throwable e) {
                synchronized (escaped) {
                    escaped.add(e);
                }
            }
        });
        thread.start();
        return thread;
    }

    private static void awaitSleep(Thread thread) {
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void wakesAHandAtTheFrontOfTheWindowWhenAnotherFails(boolean byReaders) throws Exception {
        var file = CachedFile.sparse(directory.resolve("hole"), 200 << 20, 1);
        var held = new CountDownLatch(1);
        var failing = new Obstacle(byReaders, (buffer, offset, length) -> {
            await(held);
            throw new IllegalStateException("no more");
        });
        try (var opened = open(file.path());
                var window = window(opened)) {
            var relay = relay(window, failing);
            var first = digestBuffer(relay);
            awaitSleep(first); // in the digest, with a hole as long as the window
            var second = digestBuffer(relay);
            awaitSleep(second); // at the front
            held.countDown();
            first.join();
            second.join();
            assertThat(relay.failure()).hasMessage("no more");
            assertThat(escaped).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void failsTheFileAndLetsTheErrorThroughWhenADigestBreaksDown(boolean byReaders) throws Exception {
        var file = CachedFile.random(directory.resolve("file"), 9 << 20, 1);
        var broken = new Obstacle(byReaders, (buffer, offset, length) -> {
            throw new OutOfMemoryError("on purpose");
        });
        try (var opened = open(file.path());
                var window = window(opened)) {
            var relay = relay(window, new Crc32cDigest(), broken);
            var hands = List.of(digestBuffer(relay), digestBuffer(relay), digestBuffer(relay));
            for (Thread digestBuffer : hands) {
                digestBuffer.join();
            }
            assertThat(relay.failure()).isInstanceOf(OutOfMemoryError.class);
            assertThat(escaped).contains(relay.failure());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void givesEachDigestEveryByteOnceAndInOrderWhateverItsPace(boolean byReaders) throws Exception {
        var file = CachedFile.random(directory.resolve("file"), (20 << 20) + 3, 1);
        var slow = new Crc32cDigest();
        var quick = new Crc32cDigest();
        var random = new Random(1);
        var dawdling = new Obstacle(byReaders, (buffer, offset, length) -> {
            LockSupport.parkNanos(random.nextInt(200_000));
            slow.update(buffer, offset, length);
        });
        try (var opened = open(file.path());
                var window = window(opened)) {
            var relay = relay(window, quick, dawdling);
            var hands = List.of(digestBuffer(relay), digestBuffer(relay), digestBuffer(relay), digestBuffer(relay));
            for (Thread digestBuffer : hands) {
                digestBuffer.join();
            }
            assertThat(relay.failure()).isNull();
            assertThat(relay.doneBytes()).isEqualTo((20 << 20) + 3);
        }
        var whole = new CRC32C();
        whole.update(Files.readAllBytes(file.path()));
        assertThat(new BigInteger(1, quick.finish()).longValue()).isEqualTo(whole.getValue());
        assertThat(new BigInteger(1, slow.finish()).longValue()).isEqualTo(whole.getValue());
    }

    @Test
    void endsForAllWhenOneIsInterruptedWhileItWaitsForItsTurn() throws Exception {
        var file = CachedFile.random(directory.resolve("file"), 9 << 20, 1);
        var held = new CountDownLatch(1);
        var slow = new Obstacle(true, (buffer, offset, length) -> await(held));
        try (var opened = open(file.path());
                var window = window(opened)) {
            var relay = relay(window, slow);
            var first = digestBuffer(relay);
            awaitSleep(first); // in the digest
            var second = digestBuffer(relay);
            awaitSleep(second); // with the next chunk
            second.interrupt();
            second.join();
            held.countDown();
            first.join();
            assertThat(relay.failure()).isInstanceOf(InterruptedException.class);
            assertThat(escaped).containsExactly(relay.failure());
            assertThat(relay.doneBytes()).isEqualTo(256 << 10);
        }
    }

    @Test
    void computesAFastDigestInTheThreadThatHasReadTheChunk() throws Exception {
        var file = CachedFile.random(directory.resolve("file"), 9 << 20, 1);
        var threads = new ConcurrentHashMap<NativeBuffer, Set<Thread>>();
        var digest = new Obstacle(
                true,
                (buffer, offset, length) -> threads.computeIfAbsent(buffer, unused -> ConcurrentHashMap.newKeySet())
                        .add(Thread.currentThread()));
        try (var opened = open(file.path());
                var window = window(opened)) {
            var relay = relay(window, digest);
            for (Thread digestBuffer : List.of(digestBuffer(relay), digestBuffer(relay), digestBuffer(relay))) {
                digestBuffer.join();
            }
            assertThat(relay.failure()).isNull();
        }
        assertThat(threads.values()).isNotEmpty().allMatch(each -> each.size() == 1);
    }
}
