// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.posix.libc.BytePath;
import io.millrace.scan.FileResult;
import io.millrace.scan.ScanRun;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.testkit.CachedFile;
import io.millrace.testkit.Leftovers;
import io.millrace.testkit.TestWorker;
import io.millrace.worker.FileHeader;
import io.millrace.worker.WorkerOutcome;
import io.millrace.worker.WorkerPool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Workers whose scan is held in the middle of a file: none of that time is theirs. */
class PausedFeedIT {
    private static final int MEGABYTE = 1 << 20;
    private static final int SIGINT = 2;

    @RegisterExtension
    final Leftovers leftovers = new Leftovers();

    @TempDir
    Path directory;

    private final RateLimiter limiter = new RateLimiter(MEGABYTE);
    private final ReadGate gate = ReadGate.of(limiter);
    private final AtomicReference<@Nullable Throwable> escaped = new AtomicReference<>();

    private Thread scan(ScanRun run, Path file) {
        var thread = new Thread(() -> {
            try {
                var unused = run.sharing(gate, new InodeLocks()).of(file);
            } catch (Throwable e) {
                escaped.set(e);
            }
        });
        thread.start();
        return thread;
    }

    private List<WorkerOutcome> pausedFor(long millis, DigestAlgorithm[] digests, WorkerPool... pools)
            throws Exception {
        Path file =
                CachedFile.random(directory.resolve("file"), 6 * MEGABYTE, 1).path();
        var run = ScanRun.with(digests).reads(MEGABYTE).feeding(pools);
        var scanning = scan(run, file);
        Thread.sleep(400); // into the file, which takes six seconds at this rate
        gate.hold(ReadGate.Hold.PAUSE);
        Thread.sleep(millis); // more than the worker's limit
        assertThat(scanning.isAlive()).isTrue();
        limiter.setBytesPerSecond(RateLimiter.UNLIMITED);
        gate.release(ReadGate.Hold.PAUSE);
        scanning.join();
        assertThat(escaped.get()).isNull();
        return run.result().workers();
    }

    @Test
    void doesNotCountAPauseAsAStall() throws Exception {
        try (var perFile = TestWorker.perFile("sha256sum").stall(1_000).pool();
                var persistent = TestWorker.habit().named("p").stall(1_000).pool()) {
            assertThat(pausedFor(2_000, new DigestAlgorithm[] {DigestAlgorithm.SHA256}, perFile, persistent))
                    .allSatisfy(outcome -> assertThat(outcome.complaint()).isEmpty());
        }
    }

    @Test
    void doesNotCountAPauseWithinTheTimeForAFile() throws Exception {
        try (var perFile = TestWorker.perFile("sha256sum").timeout(2_500).pool()) {
            assertThat(pausedFor(3_000, new DigestAlgorithm[0], perFile))
                    .allSatisfy(outcome -> assertThat(outcome.complaint()).isEmpty());
        }
    }

    @Test
    void doesNotTakeAPauseForBeingSlow() throws Exception {
        try (var detached = TestWorker.perFile("sha256sum").detached().pool();
                var beside = TestWorker.perFile("sha256sum").named("b").pool()) {
            assertThat(pausedFor(1_800, new DigestAlgorithm[0], detached, beside))
                    .allSatisfy(outcome -> assertThat(outcome.complaint()).isEmpty());
        }
    }

    @Test
    void leavesItsProcessesToOthersWhileItIsHeldBetweenSmallFiles() throws Exception {
        Path small = Files.createDirectory(directory.resolve("small"));
        for (int i = 0; i < 25; i++) {
            Files.write(small.resolve("f" + i), new byte[10_000]);
        }
        limiter.setBytesPerSecond(40_000); // it waits at nearly every file, for six seconds together
        try (var pool = TestWorker.habit().named("p").processes(1).pool()) {
            var run = ScanRun.with(DigestAlgorithm.CRC32C).parallel(1).feeding(pool);
            var scanning = scan(run, small);
            Thread.sleep(800);
            gate.hold(ReadGate.Hold.PAUSE);
            long deadline = System.nanoTime() + 60_000_000_000L;
            var head = new FileHeader(BytePath.of("/another"), 0, "another");
            try (var delivery = pool.begin(head, () -> System.nanoTime() > deadline)) {
                assertThat(delivery.outcome()).isEmpty();
                assertThat(scanning.isAlive()).isTrue();
            }
            limiter.setBytesPerSecond(RateLimiter.UNLIMITED);
            gate.release(ReadGate.Hold.PAUSE);
            scanning.join();
            assertThat(escaped.get()).isNull();
            assertThat(run.results()).hasSize(25).allMatch(FileResult::isGood);
        }
    }

    @Test
    void endsAPausedWorkerWhenTheScanIsStopped() throws Exception {
        Path file =
                CachedFile.random(directory.resolve("file"), 6 * MEGABYTE, 1).path();
        try (var pool = TestWorker.perFile("sha256sum").stop(500).pool()) {
            var run = ScanRun.with(DigestAlgorithm.SHA256).reads(MEGABYTE).feeding(pool);
            var scanning = scan(run, file);
            Thread.sleep(400); // into the file, which takes six seconds at this rate
            gate.hold(ReadGate.Hold.PAUSE);
            Thread.sleep(200); // the worker has what was read for it
            run.stop().request(SIGINT);
            gate.wake();
            scanning.join();
            assertThat(escaped.get()).isNull();
            assertThat(run.results()).isEmpty();
            assertThat(Files.exists(file)).isTrue();
        }
    }
}
