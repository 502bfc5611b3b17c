// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.scan.throttle.RateLimiter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Scans of a service, steered while they read real files. */
class ScanServiceIT extends ScansFixture {
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

    /** A gigabyte of zeros that nobody reads takes a moment, and made a rate of gigabytes a second. */
    @Test
    void holesAreNoneOfWhatIsReadNorOfTheRate() throws Exception {
        Path file = cold("sparse", 6 * MEGABYTE);
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1}), 1 << 30);
        }
        var status = awaitEnd(start(0, file));
        long holes = status.effect().holeBytes();
        assertThat(holes).isGreaterThan(900 * MEGABYTE);
        assertThat(status.bytes()).isEqualTo((1 << 30) + 1);
        assertThat(status.read().bytes()).isEqualTo(status.bytes() - holes);
        assertThat(status.read().deviceBytes()).isBetween(0L, status.read().bytes());
        double seconds = status.read().bytes() / status.bytesPerSecond();
        assertThat(status.read().passedBytesPerSecond() * seconds).isCloseTo(status.bytes(), within(1e6));
    }

    @Test
    void whatIsReadCountsBeforeTheFileIsFinishedAndBeforeTheSlowestConsumerHasIt() throws Exception {
        String id = start(4 * MEGABYTE, cold("big", 40 * MEGABYTE));
        until(() -> scans.status(id).read().bytes() > 8 * MEGABYTE);
        var status = scans.status(id);
        assertThat(status.files()).isZero();
        assertThat(status.bytesPerSecond()).isPositive();
        assertThat(status.read().deviceBytes()).isPositive();
        assertThat(status.read().deviceBytesPerSecond()).isPositive();
        scans.cancel(id);
        awaitEnd(id);
    }

    @Test
    void pausesInTheMiddleOfAFileAndGoesOnWhereItWas() throws Exception {
        Path file = cold("big", 40 * MEGABYTE);
        String id = start(4 * MEGABYTE, file);
        until(() -> scans.status(id).bytes() > MEGABYTE);
        assertThat(scans.status(id).reading()).containsExactly(file.toString());
        until(() -> scans.status(id).totalBytes().isPresent());
        assertThat(scans.status(id).totalBytes()).hasValue(40 * MEGABYTE);
        assertThat(scans.pause(id)).isTrue();
        assertThat(scans.status(id).state()).isEqualTo(ScanState.PAUSED);
        until(
                () -> { // what was under way when it was paused may take a while
                    long bytes = scans.status(id).bytes();
                    Thread.sleep(300);
                    return scans.status(id).bytes() == bytes;
                });
        assertThat(scans.status(id).bytes()).isLessThan(40 * MEGABYTE);
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
        long start = System.nanoTime();
        Thread.sleep(1_000);
        long read = scans.status(id).bytes() - before;
        double seconds = (System.nanoTime() - start) / 1e9;
        assertThat((double) read).as("not far beyond the limit").isLessThan((4 * seconds + 14) * MEGABYTE);
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
                request(Optional.empty(), 2 * MEGABYTE, OptionalDouble.of(0.3), cold("big", 24 * MEGABYTE)));
        until(() -> scans.status(id).state() == ScanState.YIELDING);
        long bytes = scans.status(id).bytes();
        Thread.sleep(400); // in which it reads nothing but what is under way
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
        scans.setDefaults(new ScanDefaults(OptionalInt.empty(), Optional.empty(), OptionalDouble.of(0.3)));
        String id = start(2 * MEGABYTE, cold("other", 24 * MEGABYTE));
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
        String first = start(MEGABYTE / 2, file);
        until(() -> scans.status(first).bytes() > 0);
        String second = start(0, file);
        Thread.sleep(200); // it has the file open, as a rule; what is asserted holds in any case
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
}
