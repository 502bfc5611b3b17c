// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.prealloc.FillMode;
import io.millrace.prealloc.Reserve;
import io.millrace.testkit.Command;
import io.millrace.testkit.FaultyPosix;
import io.millrace.testkit.Leftovers;
import io.millrace.testkit.LoopMount.Kind;
import io.millrace.testkit.LoopMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A pool that cannot do what it should, until it can. */
class PoolTroubleIT {
    private static final int BYTES = PoolStage.FILE_BYTES;

    @RegisterExtension
    final Leftovers leftovers = new Leftovers();

    @TempDir
    Path directory;

    @Test
    void doesNotHoldItsFileSystemFast() throws Exception {
        var mount = LoopMount.of(Kind.EXT4, 64);
        try (mount;
                var stage = new PoolStage(mount.directory())) {
            var elsewhere = Files.createDirectory(directory.resolve("state"));
            try (var pools = new Pools(LinuxPosix.create(), BytePath.of(elsewhere.toString()), stage)) {
                pools.apply(List.of(stage.spec(2)));
                await().until(() -> pools.status("wal").state() == PoolState.READY);
                var unused = Command.run("umount", mount.directory());
                await().until(() -> pools.status("wal").state() == PoolState.FAILED);
                assertThat(pools.status("wal").ready()).isZero();
                assertThat(pools.status("wal").reason().orElse("")).contains("ENOENT");
                Files.createDirectory(mount.directory().resolve("ready"));
                await().until(() -> pools.status("wal").reason().orElse("").contains("is on another file system now"));
                assertThat(mount.directory().resolve("ready")).isEmptyDirectory();
                Files.delete(mount.directory().resolve("ready"));
                unused = Command.run("mount", "-o", "loop", mount.image(), mount.directory());
                await().until(() -> pools.status("wal").state() == PoolState.READY);
                assertThat(stage.names()).hasSize(2);
            }
        }
    }

    @Test
    void starvesWithASentenceAndRecoversByItself() throws Exception {
        try (var mount = LoopMount.of(Kind.EXT4, 32);
                var stage = new PoolStage(mount.directory())) {
            long free = Files.getFileStore(mount.directory()).getUsableSpace();
            long floor = free - 5L * BYTES;
            var spec = stage.spec(20);
            stage.pools.apply(List.of(new PoolSpec(
                    "wal",
                    spec.directory(),
                    BYTES,
                    20,
                    spec.names(),
                    FillMode.RESERVE,
                    0640,
                    spec.owner(),
                    spec.group(),
                    new Reserve(floor, 0))));
            stage.await(PoolState.STARVED);
            assertThat(Files.getFileStore(mount.directory()).getUsableSpace()).isGreaterThanOrEqualTo(floor);
            assertThat(stage.status().ready()).isBetween(3, 5);
            assertThat(stage.status().reason().orElse(""))
                    .contains("it needs 64.0 KiB, ", " are free, and the reserve is ");
            stage.pools.resize("wal", 2);
            stage.await(PoolState.READY);
            stage.pools.resize("wal", 10);
            stage.await(PoolState.STARVED);
            assertThat(stage.changes).extracting(PoolStatus::state).contains(PoolState.STARVED);
        }
    }

    @Test
    void twoPoolsThatAskAtOnceDoNotCrossTheirReserveTogether() throws Exception {
        var faulty = new FaultyPosix(LinuxPosix.create());
        var both = new CyclicBarrier(2);
        try (var mount = LoopMount.of(Kind.EXT4, 64);
                var stage = new PoolStage(mount.directory(), faulty.posix())) {
            long bytes = 8 << 20;
            long floor = Files.getFileStore(mount.directory()).getUsableSpace() - 12 * (1 << 20);
            var least = new AtomicLong(Long.MAX_VALUE);
            var meeting = faulty.before("fallocate", arguments -> meet(both));
            meeting.times(2);
            faulty.before(
                    "fileSystem",
                    arguments -> least.accumulateAndGet(
                            Files.getFileStore(mount.directory()).getUsableSpace(), Math::min));
            List<PoolSpec> specs = new ArrayList<>();
            for (String name : List.of("one", "two")) {
                Path place = Files.createDirectory(mount.directory().resolve(name));
                specs.add(new PoolSpec(
                        name,
                        BytePath.of(place.toString()),
                        bytes,
                        1,
                        new NamePattern("%d"),
                        FillMode.RESERVE,
                        0640,
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        new Reserve(floor, 0)));
            }
            stage.pools.apply(specs);
            await().untilAsserted(() -> assertThat(stage.pools.statuses())
                    .extracting(PoolStatus::state)
                    .containsExactlyInAnyOrder(PoolState.READY, PoolState.STARVED));
            assertThat(meeting.injected()).isPositive();
            assertThat(least.get()).isGreaterThanOrEqualTo(floor);
        }
    }

    /** Waits for the other thread, as long as that may take where it comes at all. */
    private static void meet(CyclicBarrier both) throws IOException {
        try {
            both.await(1, TimeUnit.SECONDS);
        } catch (TimeoutException | BrokenBarrierException e) {
            return; // it has to wait, and that is how it should be
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void comesBackWhenSpaceDoes() throws Exception {
        try (var mount = LoopMount.of(Kind.EXT4, 16);
                var stage = new PoolStage(mount.directory())) {
            Path hog = mount.directory().resolve("hog");
            long free = Files.getFileStore(mount.directory()).getUsableSpace();
            var unused = Command.run("fallocate", "-l", free - 3L * BYTES, hog);
            stage.pools.apply(List.of(stage.spec(10)));
            stage.await(PoolState.STARVED);
            Files.delete(hog);
            stage.awaitReady(10);
            await().untilAsserted(() ->
                    assertThat(stage.changes).extracting(PoolStatus::state).endsWith(PoolState.READY));
        }
    }

    @Test
    void failsWhileItsDirectoryIsAwayAndGoesOnWhenItIsBack() throws Exception {
        try (var stage = new PoolStage(directory)) {
            stage.keep(stage.spec(4));
            Path away = Files.move(stage.ready, stage.place.resolve("away"));
            stage.await(PoolState.FAILED);
            assertThat(stage.status().reason()).hasValue(stage.ready + ": open: No such file or directory (ENOENT)");
            assertThat(stage.status().ready()).isZero();
            Files.createDirectory(stage.ready);
            stage.awaitReady(4);
            assertThat(stage.names()).hasSize(4);
            try (var files = Files.list(away)) {
                assertThat(files.map(file -> file.getFileName().toString())).doesNotContainAnyElementsOf(stage.names());
            }
            Files.delete(stage.ready.resolve(stage.names().get(0)));
            await().until(() -> stage.status().claims() == 1);
            stage.awaitReady(4);
        }
    }

    @Test
    void removesWhatAKilledProcessHadBegunAndNothingElse() throws Exception {
        String mark;
        try (var stage = new PoolStage(directory)) {
            stage.keep(stage.spec(2));
            mark = Files.readAllLines(directory.resolve("state/wal")).get(1).substring("mark ".length());
        }
        Path ready = directory.resolve("ready");
        Files.write(ready.resolve(".millrace-" + mark + "-0011223344556677"), new byte[BYTES]);
        Path linked = Files.createLink(
                ready.resolve(".millrace-" + mark + "-linked"), Files.write(directory.resolve("mine"), new byte[1]));
        Path folder = Files.createDirectory(ready.resolve(".millrace-" + mark + "-folder"));
        Path other = Files.write(ready.resolve(".millrace-fedcba9876543210-0011223344556677"), new byte[BYTES]);
        try (var stage = new PoolStage(directory)) {
            stage.keep(stage.spec(2));
            assertThat(stage.names())
                    .hasSize(4)
                    .contains(
                            folder.getFileName().toString(), other.getFileName().toString());
            assertThat(linked).doesNotExist();
            assertThat(directory.resolve("mine")).exists();
            assertThat(stage.strangers).hasSize(2);
        }
    }

    @Test
    void fillsWithoutTemporaryFilesToo() throws Exception {
        var faulty = new FaultyPosix(LinuxPosix.create());
        try (var stage = new PoolStage(directory, faulty.posix())) {
            stage.keep(stage.spec(1));
            var fault = faulty.fail("openAt", Errno.EOPNOTSUPP).on("segment-");
            fault.times(1);
            stage.pools.resize("wal", 2);
            stage.awaitReady(2);
            assertThat(fault.injected()).isEqualTo(1);
            await().untilAsserted(() -> assertThat(stage.names()).hasSize(2));
            assertThat(stage.strangers).isEmpty();
        }
    }

    @Test
    void worksWithoutAWatch() throws Exception {
        var faulty = new FaultyPosix(LinuxPosix.create());
        var fault = faulty.fail("inotify", Errno.EMFILE);
        try (var stage = new PoolStage(directory, faulty.posix())) {
            stage.keep(stage.spec(3));
            Files.delete(stage.ready.resolve(stage.names().get(0)));
            await().until(() -> stage.status().claims() == 1);
            stage.awaitReady(3);
            assertThat(fault.injected()).isPositive();
            assertThat(stage.unwatched).hasSize(1).allMatch(why -> why.contains("EMFILE"));
        }
    }

    @Test
    void saysWhatFailedInWordsAndTriesAgain() throws Exception {
        for (String call : List.of("fsync", "linkFileAt", "openAt", "fallocate", "statusAt", "events")) {
            var faulty = new FaultyPosix(LinuxPosix.create());
            var place = Files.createDirectory(directory.resolve(call));
            try (var stage = new PoolStage(place, faulty.posix())) {
                stage.keep(stage.spec(2));
                var fault = faulty.fail(call, Errno.EIO);
                stage.pools.refill("wal");
                stage.pools.resize("wal", 4);
                stage.await(PoolState.FAILED);
                assertThat(fault.injected()).as(call).isPositive();
                assertThat(stage.status().reason().orElse("")).contains("Input/output error (EIO)");
                faulty.heal();
                stage.awaitReady(4);
                assertThat(stage.names()).as(call).hasSize(4);
            }
        }
    }
}
