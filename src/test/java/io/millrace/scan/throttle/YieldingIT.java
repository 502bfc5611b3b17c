// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.throttle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.scan.ScanRun;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.testkit.CachedFile;
import io.millrace.testkit.Leftovers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A neighbour that really waits for the disk, and the kernel's own figure. */
class YieldingIT {
    private static final double MIN_SHARE = 0.02;
    private static final long LONG_ENOUGH_NANOS = 60_000_000_000L;

    @RegisterExtension
    final Leftovers leftovers = new Leftovers();

    @TempDir
    Path directory;

    private final PressureSource gauge = new PsiReader();
    private final List<Thread> neighbours = new ArrayList<>();
    private volatile boolean enough;

    private void startNeighbour(int number) {
        var thread = new Thread(() -> {
            var bytes = ByteBuffer.allocateDirect(64 << 10);
            try (var file = FileChannel.open(
                    directory.resolve("neighbour" + number), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                for (long i = 0; !enough; i++) {
                    var unused = file.write(bytes.clear(), i % 64 * bytes.capacity());
                    file.force(false);
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        neighbours.add(thread);
        thread.start();
    }

    @AfterEach
    void endNeighbours() throws Exception {
        enough = true;
        for (Thread thread : neighbours) {
            thread.join();
        }
    }

    private double share() throws Exception {
        long before;
        try {
            before = gauge.waitedMicros();
        } catch (IOException e) {
            assumeTrue(false, "the host does not tell of pressure: " + e);
            return 0;
        }
        Thread.sleep(1_000); // a figure for a second, as the gauge has it
        return (gauge.waitedMicros() - before) / 1e6;
    }

    @Test
    void makesWayForAnotherThatWaits() throws Exception {
        startNeighbour(1);
        startNeighbour(2);
        double share = share();
        assumeTrue(share > MIN_SHARE, "the disk is too quick for anybody to wait: " + share);
        Path file = CachedFile.random(directory.resolve("file"), 8 << 20, 1)
                .evicted()
                .path();
        var gate = ReadGate.of(new RateLimiter(64 << 10)); // long enough to be caught at it
        var pressure = new PressureMonitor(gauge, QuietWindowProbe.Clock.REAL, why -> {});
        var run = ScanRun.with(DigestAlgorithm.CRC32C).reads(64 << 10).sharing(gate, new InodeLocks());
        var scanning = new Thread(() -> {
            try {
                var unused = run.of(file);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        scanning.start();
        var courtesy = pressure.join(gate, OptionalDouble.of(share / 8));
        try {
            long deadline = System.nanoTime() + LONG_ENOUGH_NANOS;
            while (courtesy.yieldedNanos() == 0 && System.nanoTime() < deadline) {
                Thread.sleep(20);
            }
            assertThat(courtesy.yieldedNanos()).isPositive();
        } finally {
            pressure.leave(courtesy);
            run.stop().request(2);
            gate.wake();
            scanning.join();
        }
    }
}
