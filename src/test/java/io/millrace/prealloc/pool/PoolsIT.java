// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.prealloc.AllocationListener;
import io.millrace.prealloc.FillMode;
import io.millrace.prealloc.Reserve;
import io.millrace.testkit.Command;
import io.millrace.testkit.Leftovers;
import io.millrace.testkit.LoopMount.Kind;
import io.millrace.testkit.LoopMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a pool promises, on real file systems. */
class PoolsIT {
    private static final int BYTES = PoolStage.FILE_BYTES;

    @RegisterExtension
    final Leftovers leftovers = new Leftovers();

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(names = {"EXT4", "XFS", "BTRFS", "TMPFS", "OVERLAY"})
    void isKeptAtItsTargetWithReservedFiles(Kind kind) throws Exception {
        try (var mount = LoopMount.of(kind, 64);
                var stage = new PoolStage(mount.directory())) {
            stage.keep(stage.spec(8));
            for (int round = 0; round < 3; round++) {
                for (String name : stage.names()) {
                    var status = PoolStage.status(stage.ready.resolve(name));
                    assertThat(status.sizeBytes()).isEqualTo(BYTES);
                    assertThat(status.reservedBytes()).isGreaterThanOrEqualTo(BYTES);
                    assertThat(status.permissions()).isEqualTo(0640);
                }
                var before = stage.names();
                long claims = stage.status().claims();
                var unused =
                        Command.run("mv", stage.ready.resolve(before.get(0)), stage.place.resolve("taken" + round));
                Files.delete(stage.ready.resolve(before.get(1)));
                await().untilAsserted(() -> assertThat(stage.status().claims()).isEqualTo(claims + 2));
                stage.awaitReady(8);
                assertThat(stage.names()).hasSize(8).doesNotContain(before.get(0), before.get(1));
            }
            assertThat(stage.status().reservedBytes()).isGreaterThanOrEqualTo(14L * BYTES);
            assertThat(stage.status().claimsPerSecond()).isPositive();
            assertThat(stage.status().secondsOfSpace()).as("after seconds").isEmpty();
            assertThat(stage.strangers).isEmpty();
            assertThat(stage.pools.isAlive()).isTrue();
        }
    }

    @Test
    void leavesStrangersAloneAndTellsOfEachOnce() throws Exception {
        try (var stage = new PoolStage(directory)) {
            Files.createSymbolicLink(stage.ready.resolve("segment-0001"), Path.of("/etc/passwd"));
            Files.write(stage.ready.resolve("segment-0002"), new byte[100]);
            var sparse = stage.ready.resolve("segment-0003");
            try (var file = LinuxPosix.create()
                    .files()
                    .create(BytePath.of(sparse.toString()), Set.of(OpenFlag.CREATE, OpenFlag.READ_WRITE), 0640)) {
                LinuxPosix.create().files().truncate(file, BYTES);
            }
            Files.write(stage.ready.resolve("segment-0004"), new byte[BYTES]);
            Files.setPosixFilePermissions(
                    stage.ready.resolve("segment-0004"), PosixFilePermissions.fromString("rw-r-----"));
            Files.createLink(stage.place.resolve("other"), stage.ready.resolve("segment-0004"));
            Files.createDirectory(stage.ready.resolve("segment-0005"));
            Files.write(stage.ready.resolve("my file"), new byte[3]);
            Files.write(stage.ready.resolve("segment-7fffffffffffffff"), new byte[3]);
            Files.write(stage.ready.resolve(".millrace-0123456789abcdef-0"), new byte[3]);
            Files.write(stage.ready.resolve("segment-0007"), new byte[BYTES]);
            Files.setPosixFilePermissions(
                    stage.ready.resolve("segment-0007"), PosixFilePermissions.fromString("rw-------"));
            var before = new HashSet<>(stage.names());
            stage.keep(stage.spec(4));
            assertThat(stage.names()).containsAll(before).hasSize(before.size() + 4);
            stage.pools.refill("wal");
            Files.write(stage.ready.resolve("late"), new byte[3]);
            await().untilAsserted(() -> assertThat(stage.status().strangers()).isEqualTo(before.size() + 1));
            String at = stage.ready + "/";
            assertThat(stage.strangers)
                    .containsExactlyInAnyOrder(
                            at + "segment-0001: is a symbolic link",
                            at + "segment-0002: holds 100 B instead of 64.0 KiB",
                            at + "segment-0003: reserves only 0 B of 64.0 KiB",
                            at + "segment-0004: is a second link: the file has 2 names",
                            at + "segment-0005: is a directory",
                            at + "segment-0007: has mode 0600 instead of 0640",
                            at + "my file: is not named like the pool's files",
                            at + "segment-7fffffffffffffff: holds 3 B instead of 64.0 KiB",
                            at + ".millrace-0123456789abcdef-0: is not named like the pool's files",
                            at + "late: is not named like the pool's files");
            assertThat(stage.status().strangerWords()).hasSize(10);
        }
    }

    @Test
    void aReadyFileThatIsSpoiltBecomesAStrangerAndIsReplaced() throws Exception {
        try (var stage = new PoolStage(directory)) {
            stage.keep(stage.spec(3));
            var names = stage.names();
            Files.setPosixFilePermissions(
                    stage.ready.resolve(names.get(0)), PosixFilePermissions.fromString("rw-rw-rw-"));
            Files.write(stage.ready.resolve(names.get(1)), new byte[10]);
            await().untilAsserted(() -> assertThat(stage.status().strangers()).isEqualTo(2));
            stage.awaitReady(3);
            assertThat(stage.status().claims()).isZero();
            assertThat(stage.names()).hasSize(5);
        }
    }

    @Test
    void changesLive() throws Exception {
        try (var stage = new PoolStage(directory)) {
            stage.keep(stage.spec(2));
            stage.pools.resize("wal", 6);
            stage.awaitReady(6);
            assertThat(stage.status().spec().ready()).isEqualTo(6);
            stage.pools.apply(List.of(stage.spec(2)));
            assertThat(stage.status().spec().ready()).as("nothing changed").isEqualTo(6);
            var other = stage.spec(3);
            var bigger = new PoolSpec(
                    "wal",
                    other.directory(),
                    2L * BYTES,
                    3,
                    other.names(),
                    FillMode.RESERVE,
                    0640,
                    other.owner(),
                    other.group(),
                    Reserve.NONE);
            var old = stage.names();
            stage.pools.apply(List.of(bigger));
            stage.awaitReady(3);
            assertThat(stage.status().strangers()).isEqualTo(6);
            assertThat(stage.names()).containsAll(old).hasSize(9);
            assertThat(stage.status().reservedBytes())
                    .as("counted since the start")
                    .isGreaterThanOrEqualTo(12L * BYTES);
            assertThatIllegalArgumentException().isThrownBy(() -> stage.pools.resize("wal", -1));
            stage.pools.apply(List.of());
            assertThat(stage.pools.statuses()).isEmpty();
            assertThatIllegalArgumentException()
                    .isThrownBy(stage::status)
                    .withMessage("there is no pool 'wal', nor any other pool");
            assertThat(stage.names()).hasSize(9);
        }
    }

    @Test
    void numbersGoOnAfterARestart() throws Exception {
        List<String> first;
        try (var stage = new PoolStage(directory)) {
            stage.keep(stage.spec(3));
            first = stage.names();
            for (String name : first) {
                Files.delete(stage.ready.resolve(name));
            }
            stage.awaitReady(3);
            for (String name : stage.names()) {
                Files.delete(stage.ready.resolve(name));
            }
        }
        try (var stage = new PoolStage(directory)) {
            stage.keep(stage.spec(3));
            assertThat(stage.names()).allMatch(name -> name.compareTo(first.get(2)) > 0);
        }
        Files.writeString(directory.resolve("state/wal"), "nonsense");
        try (var stage = new PoolStage(directory)) {
            stage.pools.apply(List.of(stage.spec(4)));
            stage.await(PoolState.FAILED);
            assertThat(stage.status().reason().orElse("")).contains("does not say which numbers were given");
            Files.delete(directory.resolve("state/wal"));
            stage.awaitReady(4);
        }
    }

    @Test
    void endsSoonInTheMiddleOfZeros() throws Exception {
        try (var stage = new PoolStage(directory)) {
            var spec = stage.spec(1);
            stage.pools.apply(List.of(new PoolSpec(
                    "wal",
                    spec.directory(),
                    8L << 30,
                    1,
                    spec.names(),
                    FillMode.ZERO,
                    0640,
                    spec.owner(),
                    spec.group(),
                    Reserve.NONE)));
            Thread.sleep(300);
            assertThat(stage.pools.isAlive()).isTrue();
            stage.pools.close();
            assertThat(stage.names()).isEmpty();
            assertThat(stage.pools.statuses()).isEmpty();
        }
    }

    @Test
    void givesFilesOwnerGroupModeAndZeros() throws Exception {
        try (var mount = LoopMount.of(Kind.EXT4, 64);
                var stage = new PoolStage(mount.directory())) {
            var spec = new PoolSpec(
                    "wal",
                    BytePath.of(stage.ready.toString()),
                    BYTES,
                    2,
                    new NamePattern("z%d"),
                    FillMode.ZERO,
                    0606,
                    OptionalInt.of(65534),
                    OptionalInt.of(12),
                    Reserve.NONE);
            stage.keep(spec);
            for (String name : stage.names()) {
                var file = stage.ready.resolve(name);
                var status = PoolStage.status(file);
                assertThat(List.of(status.uid(), status.gid(), status.permissions()))
                        .containsExactly(65534, 12, 0606);
                assertThat(Files.readAllBytes(file)).containsOnly(0).hasSize(BYTES);
                assertThat(Command.run("filefrag", "-v", file)).doesNotContain("unwritten");
            }
        }
    }

    @Test
    void claimsIntoAnOpenDirectoryOnceEach() throws Exception {
        try (var stage = new PoolStage(directory)) {
            stage.keep(stage.spec(5));
            var names = stage.names();
            Path goal = Files.createDirectory(directory.resolve("goal"));
            var stock = new PoolInventory(
                    LinuxPosix.create().files(),
                    new ReadyFileCheck(
                            stage.spec(5), LinuxPosix.create().process().effectiveUser()),
                    PoolSequence.open(LinuxPosix.create(), BytePath.of(stage.state.toString()), "other"),
                    stage,
                    AllocationListener.NONE);
            try (var ready = open(stage.ready);
                    var to = open(goal)) {
                assertThat(stock.look(ready, true)).isZero();
                stage.pools.close();
                Files.delete(stage.ready.resolve(names.get(1)));
                Files.write(stage.ready.resolve(names.get(2)), new byte[1]);
                var claim = new Claim(LinuxPosix.create(), stage.spec(5), stock);
                var at = BytePath.of(goal.toString());
                assertThat(claim.into(to, at, null)).hasToString(goal + "/" + names.get(0));
                assertThat(claim.into(to, at, BytePath.of("mine"))).hasToString(goal + "/mine");
                assertThatThrownBy(() -> claim.into(to, at, BytePath.of("mine")))
                        .hasMessage(goal + "/mine: renameat2: File exists (EEXIST)");
                assertThat(claim.into(to, at, null)).hasToString(goal + "/" + names.get(4));
                assertThatThrownBy(() -> claim.into(to, at, null)).hasMessageContaining("no file is ready");
                assertThat(stage.names()).containsExactly(names.get(2));
            }
        }
    }

    private static OwnedFd open(Path path) throws IOException {
        return LinuxPosix.create()
                .files()
                .open(BytePath.of(path.toString()), EnumSet.of(OpenFlag.READ_ONLY, OpenFlag.DIRECTORY));
    }
}
