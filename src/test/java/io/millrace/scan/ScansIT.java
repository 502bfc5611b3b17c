// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.pagecache.CachePolicy;
import io.millrace.pagecache.ReadPlan;
import io.millrace.posix.BytePath;
import io.millrace.posix.Posix;
import io.millrace.testkit.CachedFile;
import io.millrace.testkit.Command;
import io.millrace.testkit.Leftovers;
import io.millrace.testkit.TestWorker;
import io.millrace.worker.WorkerPool;
import io.millrace.worker.WorkerPools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Scans of a service, steered while they read real files. */
@Timeout(60)
class ScansIT {
    private static final int MEGABYTE = 1 << 20;

    @RegisterExtension
    final Leftovers leftovers = new Leftovers();

    @TempDir
    Path directory;

    private final AtomicLong waitedMicros = new AtomicLong();
    private volatile long microsPerLook;
    private final HeardScans heard = new HeardScans();
    private Scans.Leasing leasing = names -> {
        throw new IllegalArgumentException("no worker " + names);
    };
    private final Scans scans = scans(Thread::new);

    private Scans scans(ThreadFactory threads) {
        return new Scans(
                Posix.linux(),
                names -> leasing.lease(names),
                heard,
                () -> waitedMicros.addAndGet(microsPerLook),
                threads);
    }

    @AfterEach
    void close() {
        scans.close();
    }

    private ScanRequest request(Optional<String> source, long rate, OptionalDouble yieldAbove, Path... paths) {
        var options = new ScanOptions(
                Set.of(DigestAlgorithm.SHA256), ReadPlan.Wish.of(CachePolicy.NEUTRAL), 2, MEGABYTE, Optional.empty());
        var names =
                Arrays.stream(paths).map(path -> BytePath.of(path.toString())).toList();
        return new ScanRequest(
                source,
                names,
                Optional.empty(),
                FileFilter.ALL,
                FileOrder.DIRECTORY,
                options,
                List.of(),
                rate,
                yieldAbove);
    }

    private static ScanRequest with(ScanRequest plain, List<String> workers) {
        return new ScanRequest(
                plain.source(),
                plain.paths(),
                plain.within(),
                plain.filter(),
                plain.order(),
                plain.options(),
                workers,
                plain.bytesPerSecond(),
                plain.yieldAbove());
    }

    private static WorkerPools.Lease lease(List<WorkerPool> pools, Runnable end) {
        return new WorkerPools.Lease() {
            @Override
            public List<WorkerPool> pools() {
                return pools;
            }

            @Override
            public void close() {
                end.run();
            }
        };
    }

    private String start(long rate, Path... paths) {
        return scans.start(request(Optional.empty(), rate, OptionalDouble.empty(), paths));
    }

    private static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    private ScanStatus awaitEnd(String id) {
        until(() -> scans.status(id).state().isOver());
        return scans.status(id);
    }

    private static String sha256sum(Path file) throws Exception {
        return Command.run("sha256sum", file.toString()).substring(0, 64);
    }

    private Path cold(String name, long bytes) throws IOException {
        Path path = directory.resolve(name);
        var unused = CachedFile.random(path, bytes, name.hashCode()).evicted();
        return path;
    }

    @Test
    void tellsWhatItReadAndWhatItCost() throws Exception {
        Path file = cold("big", 9 * MEGABYTE + 5);
        Files.createDirectory(directory.resolve("below"));
        Files.write(directory.resolve("below/small"), new byte[77]);
        String id = scans.start(request(
                Optional.of("backups"), RateLimiter.UNLIMITED, OptionalDouble.empty(), directory, Path.of("/none")));
        assertThat(id).isEqualTo("backups-1");
        var status = awaitEnd(id);
        assertThat(status.state()).isEqualTo(ScanState.FINISHED);
        assertThat(status.error()).isEmpty();
        assertThat(status.files()).isEqualTo(3);
        assertThat(status.failed()).isEqualTo(1);
        assertThat(status.bytes()).isEqualTo(9 * MEGABYTE + 5 + 77);
        assertThat(status.bytesPerSecond()).isPositive();
        assertThat(status.ended().get()).isAfterOrEqualTo(status.started());
        assertThat(status.reading()).isEmpty();
        assertThat(heard.readBytes).hasValueGreaterThanOrEqualTo(9 * MEGABYTE + 5);
        assertThat(heard.ended.take().id()).isEqualTo(id);
        assertThat(heard.started).hasValue(1);
        var result = heard.results.get(id + " " + file);
        assertThat(HexFormat.of().formatHex(result.digests().get(DigestAlgorithm.SHA256)))
                .isEqualTo(sha256sum(file));
        assertThat(start(0, file)).isEqualTo("request-1");
    }

    @Test
    void pausesInTheMiddleOfAFileAndGoesOnWhereItWas() throws Exception {
        Path file = cold("big", 40 * MEGABYTE);
        String id = start(20 * MEGABYTE, file);
        until(() -> scans.status(id).bytes() > MEGABYTE);
        assertThat(scans.status(id).reading()).containsExactly(file.toString());
        until(() -> scans.status(id).totalBytes().isPresent());
        assertThat(scans.status(id).totalBytes()).hasValue(40 * MEGABYTE);
        assertThat(scans.pause(id)).isTrue();
        assertThat(scans.status(id).state()).isEqualTo(ScanState.PAUSED);
        Thread.sleep(150); // what was under way
        long bytes = scans.status(id).bytes();
        Thread.sleep(500);
        assertThat(scans.status(id).bytes()).isEqualTo(bytes).isLessThan(40 * MEGABYTE);
        assertThat(scans.setRate(id, RateLimiter.UNLIMITED)).isTrue();
        assertThat(scans.resume(id)).isTrue();
        assertThat(awaitEnd(id).state()).isEqualTo(ScanState.FINISHED);
        var result = heard.results.get(id + " " + file);
        assertThat(result.isGood()).isTrue();
        assertThat(HexFormat.of().formatHex(result.digests().get(DigestAlgorithm.SHA256)))
                .isEqualTo(sha256sum(file));
        assertThat(scans.pause(id)).isFalse();
        assertThat(scans.resume(id)).isFalse();
        assertThat(scans.cancel(id)).isFalse();
        assertThat(scans.setRate(id, 1)).isFalse();
    }

    @Test
    void cancelsAScanThatReadsOrIsPausedOrMakesWayOrWaitsForAnother() throws Exception {
        Path file = cold("big", 40 * MEGABYTE);
        Path other = cold("other", 40 * MEGABYTE);
        microsPerLook = 10_000_000;
        String reads = start(MEGABYTE, file);
        until(() -> scans.status(reads).bytes() > 0);
        String waits = start(0, file);
        String paused = start(MEGABYTE, other);
        scans.pause(paused);
        String yields =
                scans.start(request(Optional.empty(), MEGABYTE, OptionalDouble.of(0.1), cold("third", 40 * MEGABYTE)));
        until(() -> scans.status(yields).state() != ScanState.RUNNING);
        for (String id : List.of(waits, paused, yields, reads)) {
            assertThat(scans.status(id).state().isOver()).isFalse();
            assertThat(scans.cancel(id)).isTrue();
            assertThat(awaitEnd(id).state()).isEqualTo(ScanState.CANCELLED);
        }
        assertThat(scans.statuses()).extracting(ScanStatus::id).containsExactly(reads, yields, paused, waits);
    }

    @Test
    void changesTheRateOfOneAndOfAllWhileTheyRead() throws Exception {
        String id = start(MEGABYTE, cold("big", 60 * MEGABYTE));
        until(() -> scans.status(id).bytes() > 0);
        scans.setTotalRate(4 * MEGABYTE);
        assertThat(scans.totalRate()).isEqualTo(4 * MEGABYTE);
        scans.setRate(id, RateLimiter.UNLIMITED);
        long before = scans.status(id).bytes();
        Thread.sleep(1_500);
        assertThat(scans.status(id).bytes() - before)
                .as("not far beyond the limit")
                .isLessThan(20 * MEGABYTE);
        assertThat(scans.status(id).state().isOver()).isFalse();
        scans.setRate(id, 8 * MEGABYTE);
        assertThat(scans.status(id).rateBytesPerSecond()).isEqualTo(8 * MEGABYTE);
        scans.setRate(id, RateLimiter.UNLIMITED);
        scans.setTotalRate(RateLimiter.UNLIMITED);
        assertThat(awaitEnd(id).bytes()).isEqualTo(60 * MEGABYTE);
    }

    @Test
    void makesWayWhileOthersWaitAndGoesOnAfterwards() throws Exception {
        microsPerLook = 10_000_000;
        String id = scans.start(
                request(Optional.empty(), 8 * MEGABYTE, OptionalDouble.of(0.3), cold("big", 24 * MEGABYTE)));
        until(() -> scans.status(id).state() == ScanState.YIELDING);
        long bytes = scans.status(id).bytes();
        Thread.sleep(400);
        assertThat(scans.status(id).bytes()).isLessThanOrEqualTo(bytes + 2 * MEGABYTE);
        microsPerLook = 0;
        scans.setRate(id, RateLimiter.UNLIMITED);
        var status = awaitEnd(id);
        assertThat(status.state()).isEqualTo(ScanState.FINISHED);
        assertThat(status.bytes()).isEqualTo(24 * MEGABYTE);
        assertThat(status.yielded().toMillis()).isGreaterThan(1_000);
    }

    @Test
    void makesWayByTheMannersOfTheServiceWhereTheRequestSaysNothing() throws Exception {
        microsPerLook = 10_000_000;
        Path file = cold("big", 24 * MEGABYTE);
        String before = start(MEGABYTE, file);
        scans.setManners(new Manners(OptionalInt.empty(), Optional.empty(), OptionalDouble.of(0.3)));
        String id = start(8 * MEGABYTE, cold("other", 24 * MEGABYTE));
        until(() -> scans.status(id).state() == ScanState.YIELDING);
        assertThat(scans.status(before).yielded()).isZero();
    }

    @Test
    void readsOneFileForTwoScansOneAfterTheOther() throws Exception {
        Path file = cold("big", 12 * MEGABYTE);
        Path link = Files.createLink(directory.resolve("link"), file);
        String first = start(6 * MEGABYTE, file);
        until(() -> scans.status(first).bytes() > 0);
        String second = start(0, link);
        until(() -> scans.status(second).bytes() > 0);
        assertThat(scans.status(first).bytes()).as("all of it, before").isEqualTo(12 * MEGABYTE);
        assertThat(awaitEnd(second).state()).isEqualTo(ScanState.FINISHED);
        assertThat(heard.results.get(first + " " + file).digests().get(DigestAlgorithm.SHA256))
                .isEqualTo(heard.results.get(second + " " + link).digests().get(DigestAlgorithm.SHA256));
    }

    @Test
    void doesNotSayThatAFileChangedWhenThatWasBeforeItsTurn() throws Exception {
        Path file = cold("big", 8 * MEGABYTE);
        String first = start(2 * MEGABYTE, file);
        until(() -> scans.status(first).bytes() > 0);
        String second = start(0, file);
        Thread.sleep(200); // it has the file open
        Files.write(file, new byte[9 * MEGABYTE], StandardOpenOption.WRITE); // never shorter than it was
        scans.setRate(first, 0);
        assertThat(awaitEnd(second).changed()).isZero();
        assertThat(awaitEnd(first).changed()).isEqualTo(1);
        assertThat(heard.results.get(second + " " + file).bytes()).isEqualTo(9 * MEGABYTE);
    }

    @Test
    void leavesNothingBehindAfterTwentyAtATime() throws Exception {
        for (int i = 0; i < 200; i++) {
            Files.write(directory.resolve("f" + i), new byte[i * 1_000]);
        }
        var ids = new ArrayList<String>();
        for (int i = 0; i < 20; i++) {
            ids.add(scans.start(request(Optional.of("s" + i % 3), 0, OptionalDouble.of(0.9), directory)));
        }
        for (String id : ids) {
            var status = awaitEnd(id);
            assertThat(status.state()).isEqualTo(ScanState.FINISHED);
            assertThat(status.files()).isEqualTo(200);
            assertThat(status.failed() + status.changed()).isZero();
        }
        assertThat(scans.isAlive()).isTrue();
        assertThat(scans.statuses()).hasSize(20).extracting(ScanStatus::id).contains("s0-7", "s2-6");
    }

    @Test
    void feedsLeasedWorkersAndGivesThemBack() throws Exception {
        var open = new AtomicInteger();
        try (var pool = TestWorker.perFile("sha256sum").stall(600).pool()) {
            leasing = names -> {
                open.incrementAndGet();
                return lease(List.of(pool), open::decrementAndGet);
            };
            Path file = cold("big", 16 * MEGABYTE);
            var plain = request(Optional.empty(), 8 * MEGABYTE, OptionalDouble.empty(), file);
            String id = scans.start(with(plain, List.of("sha256")));
            until(() -> scans.status(id).bytes() > 0);
            scans.pause(id);
            Thread.sleep(1_500); // more than twice the stall time-out
            scans.resume(id);
            assertThat(awaitEnd(id).state()).isEqualTo(ScanState.FINISHED);
            var result = heard.results.get(id + " " + file);
            assertThat(result.workers().get(0).reason()).isEmpty();
            assertThat(result.workers().get(0).output()).isEqualTo(sha256sum(file) + "  -\n");
            assertThat(open).hasValue(0);
        }
    }

    @Test
    void isNotAliveWhenNothingOfItsOwnGoesOn() throws Exception {
        Path file = Files.write(directory.resolve("f"), new byte[5]);
        heard.gate.close();
        String id = start(0, file);
        until(() -> !scans.isAlive(300_000_000));
        assertThat(scans.isAlive()).as("not for a minute yet").isTrue();
        heard.gate.open();
        var unused = awaitEnd(id);
        assertThat(scans.isAlive(0)).as("what is over has nothing to do").isTrue();
    }

    @Test
    void isAliveWhileItIsHeldOrWaitsForOthers() throws Exception {
        Path file = cold("big", 20 * MEGABYTE);
        String slow = start(64 << 10, file);
        until(() -> scans.status(slow).bytes() > 0);
        String waits = start(0, file);
        String paused = start(MEGABYTE, cold("other", 20 * MEGABYTE));
        scans.pause(paused);
        for (int i = 0; i < 20; i++) {
            Thread.sleep(100);
            assertThat(scans.isAlive(800_000_000)).isTrue();
        }
        assertThat(scans.status(waits).bytes()).isZero();
    }

    @Test
    void saysWhyAScanFailed() throws Exception {
        heard.refuses = true;
        String id = start(0, Files.write(directory.resolve("f"), new byte[5]));
        var status = awaitEnd(id);
        assertThat(status.state()).isEqualTo(ScanState.FAILED);
        assertThat(status.error()).contains("no room to remember it");
        heard.refusesStarts = true;
        String second = scans.start(request(Optional.empty(), 0, OptionalDouble.of(0.5), directory));
        assertThat(awaitEnd(second).error()).contains("not now");
    }

    @Test
    void tellsTheEndOfAScanThatAnErrorOfTheProgramEnded() throws Exception {
        heard.failsAtStarts = true;
        String id = start(0, directory);
        var status = heard.ended.take();
        assertThat(status.id()).isEqualTo(id);
        assertThat(status.state()).isEqualTo(ScanState.FAILED);
        assertThat(status.error()).contains("java.lang.OutOfMemoryError: no thread");
    }

    @Test
    void holdsNothingForAScanThatTheSystemHasNoThreadFor() {
        var open = new AtomicInteger();
        leasing = names -> {
            open.incrementAndGet();
            return lease(List.of(), open::decrementAndGet);
        };
        var plain = request(Optional.of("s"), 0, OptionalDouble.of(0.5), directory);
        var request = with(plain, List.of("any"));
        var poor = scans(what -> new Thread(what) {
            @Override
            public synchronized void start() {
                throw new OutOfMemoryError("unable to create native thread");
            }
        });
        try (poor) {
            assertThatThrownBy(() -> poor.start(request)).isInstanceOf(OutOfMemoryError.class);
            assertThat(poor.statuses()).isEmpty();
        }
        assertThat(open).hasValue(0);
    }

    @Test
    void closesOnlyWhenTheListenerHasHeardOfTheEnd() throws Exception {
        heard.endGate.close();
        var unused = awaitEnd(start(0, directory));
        var closing = new Thread(scans::close);
        closing.start();
        closing.join(200);
        assertThat(closing.isAlive()).isTrue();
        heard.endGate.open();
        closing.join();
        assertThat(heard.ended).hasSize(1);
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThatIllegalArgumentException().isThrownBy(() -> scans.status("request-9"));
        assertThatIllegalArgumentException().isThrownBy(() -> scans.pause("request-9"));
        var plain = request(Optional.empty(), 0, OptionalDouble.empty(), directory);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scans.start(with(plain, List.of("nobody"))))
                .withMessageContaining("nobody");
        scans.close();
        assertThatIllegalStateException().isThrownBy(() -> scans.start(plain)).withMessage("the service stops");
    }

    @Test
    void keepsTheLastHundred() throws Exception {
        for (int i = 0; i < Scans.MOST_KEPT + 5; i++) {
            var unused = awaitEnd(start(0, directory));
        }
        assertThat(scans.statuses()).hasSize(Scans.MOST_KEPT);
        assertThat(scans.statuses().get(0).id()).isEqualTo("request-" + (Scans.MOST_KEPT + 5));
        assertThatIllegalArgumentException().isThrownBy(() -> scans.status("request-1"));
    }
}
