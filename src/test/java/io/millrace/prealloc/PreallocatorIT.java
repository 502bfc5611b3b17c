// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.lifecycle.CancellationToken;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.LoopMount.Kind;
import io.millrace.testkit.LoopMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** New files, on every file system that there is here. */
class PreallocatorIT {
    private static final long MIB = 1 << 20;

    private final Preallocator preallocator =
            new Preallocator(LinuxPosix.create(), PreallocatorOptions.DEFAULT, AllocationListener.NONE);

    private static AllocationRequest request(Kind kind, long bytes) {
        return kind == Kind.EXT2
                ? AllocationRequest.of(0, bytes, AllocateOption.EMULATION)
                : AllocationRequest.of(0, bytes);
    }

    private Reservation allocate(Path path, AllocationRequest request) throws IOException {
        return preallocator.allocate(BytePath.of(path.toString()), request);
    }

    private static long blocks512(Path file) throws IOException {
        return LinuxPosix.create().files().status(BytePath.of(file.toString())).blocks512();
    }

    @ParameterizedTest
    @EnumSource
    void saysWhatTheFileSystemReserved(Kind kind) throws IOException {
        try (var mount = LoopMount.of(kind, 64)) {
            Path file = mount.directory().resolve("file");
            Reservation verdict = allocate(file, request(kind, 16 * MIB).withPermissions(0604));

            assertThat(Files.size(file)).isEqualTo(16 * MIB);
            assertThat(blocks512(file) * 512).isEqualTo(verdict.reservedBytes()).isGreaterThanOrEqualTo(16 * MIB);
            assertThat(verdict.reservedBytes()).isLessThan(17 * MIB);
            assertThat(verdict.method())
                    .isEqualTo(kind == Kind.EXT2 ? AllocationMethod.EMULATED : AllocationMethod.NATIVE);
            assertThat(verdict.copyOnWrite())
                    .isEqualTo(kind == Kind.BTRFS ? CopyOnWrite.FILE_SYSTEM : CopyOnWrite.NONE);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw----r--");
            if (kind == Kind.TMPFS) {
                assertThat(verdict.extents()).isEmpty();
            } else if (EnumSet.of(Kind.EXT4, Kind.XFS, Kind.OVERLAY).contains(kind)) {
                assertThat(verdict.extents().orElse(0)).isBetween(1, 3);
            }
            assertThat(Files.list(mount.directory()).filter(Files::isRegularFile))
                    .containsExactly(file);
        }
    }

    @Test
    void makesOneExtentOfAFileThatFits() throws IOException {
        for (Kind kind : List.of(Kind.EXT4, Kind.XFS)) {
            try (var mount = LoopMount.of(kind, 512)) {
                Path file = mount.directory().resolve("file");
                assertThat(allocate(file, request(kind, 4 * MIB)).extents())
                        .as("%s", kind)
                        .hasValue(1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void givesBackWhatDidNotFit(Kind kind) throws IOException {
        try (var mount = LoopMount.of(kind, 64)) {
            Path file = mount.directory().resolve("file");
            long free = free(mount);
            assertThatThrownBy(() -> allocate(file, request(kind, free + 100 * MIB)))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(file + ": ")
                    .hasMessageContaining("ENOSPC");
            assertThat(file).doesNotExist();
            assertThat(Math.abs(free - free(mount))).isLessThanOrEqualTo(MIB);
        }
    }

    @ParameterizedTest
    @EnumSource
    void neverCrossesTheReserve(Kind kind) throws IOException {
        try (var mount = LoopMount.of(kind, 64)) {
            long free = free(mount);
            long floor = free / 2;
            var request = request(kind, 4 * MIB).withReserve(new Reserve(floor, 0));
            List<BytePath> paths = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                paths.add(BytePath.of(mount.directory().resolve("file" + i).toString()));
            }
            List<AllocationResult> outcomes = preallocator.allocate(paths, request, new CancellationToken());
            assertThat(outcomes).hasAtLeastOneElementOfType(AllocationResult.Reserved.class);
            assertThat(free(mount)).isGreaterThanOrEqualTo(floor);
            assertThat(outcomes.get(59))
                    .isInstanceOfSatisfying(
                            AllocationResult.Failed.class,
                            failed -> assertThat(failed.cause())
                                    .hasMessageContaining("would leave")
                                    .hasMessageContaining("the reserve is"));
        }
    }

    @Test
    void leavesRootsBlocksAlone() throws IOException {
        try (var mount = LoopMount.of(Kind.EXT4, 64, "-m", "20")) {
            long free = free(mount);
            Path file = mount.directory().resolve("file");
            assertThatThrownBy(() -> allocate(file, AllocationRequest.of(0, free + MIB)))
                    .hasMessageContaining("are free: no space (ENOSPC)");
            assertThat(free(mount)).isEqualTo(free);
        }
    }

    @Test
    void namesTheLackOfFallocate() throws IOException {
        try (var mount = LoopMount.of(Kind.EXT2, 16)) {
            Path file = mount.directory().resolve("file");
            assertThatThrownBy(() -> allocate(file, AllocationRequest.of(0, MIB)))
                    .hasMessage(file + ": fallocate at 0+1048576: Operation not supported (EOPNOTSUPP);"
                            + " writing into every block instead was not allowed");
            assertThat(file).doesNotExist();
        }
    }

    @Test
    void refusesWhatIsNoRegularFile(@TempDir Path directory) throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("nothing"));
        var request = AllocationRequest.of(0, MIB, AllocateOption.FORCE);
        assertThatThrownBy(() -> allocate(link, request)).hasMessageContaining("is a symbolic link");
        assertThat(Files.exists(link, LinkOption.NOFOLLOW_LINKS)).isTrue();
        assertThatThrownBy(() -> allocate(directory, request)).hasMessageContaining("is a directory");
        assertThatThrownBy(() -> allocate(Path.of("/dev/null"), request)).hasMessageContaining("is a character device");
        assertThatThrownBy(() -> allocate(directory.resolve("no/such"), request))
                .hasMessage(directory + "/no/such: open of its directory: No such file or directory (ENOENT)");
        var emulation = AllocationRequest.of(0, MIB, AllocateOption.FORCE, AllocateOption.EMULATION);
        assertThatThrownBy(() -> allocate(Path.of("/proc/self/mem"), emulation))
                .hasMessage("/proc/self/mem: lies on proc, which stores nothing");
    }

    /** As open(2) with O_CREAT, touch and fallocate(1): a backup directory that is not mounted does not become a file. */
    @Test
    void makesNoFileOfANameThatStandsForADirectory(@TempDir Path directory) throws IOException {
        var request = AllocationRequest.of(0, 4096);
        Files.write(directory.resolve("file"), new byte[1]);
        Files.createDirectory(directory.resolve("there"));
        var expected = Map.of(
                "new/",
                "(EISDIR)",
                "new//",
                "(EISDIR)",
                "there/",
                "(EISDIR)",
                "file/",
                "(ENOTDIR)",
                "new/.",
                "(ENOENT)");
        expected.forEach((name, errno) -> {
            var path = BytePath.of(directory + "/" + name);
            assertThatThrownBy(() -> preallocator.allocate(path, request))
                    .hasMessageStartingWith(directory + "/" + name.charAt(0))
                    .hasMessageEndingWith(errno);
        });
        assertThatThrownBy(() -> preallocator.allocate(BytePath.of(directory + "/there/.."), request))
                .hasMessageContaining("is a directory");
        assertThat(directory.resolve("new")).doesNotExist();
    }

    @Test
    void saysWhenThereAreNoInodesLeft() throws IOException {
        try (var mount = LoopMount.of(Kind.EXT4, 64, "-N", "32")) {
            int made = 0;
            try {
                while (made < 100) {
                    Files.createFile(mount.directory().resolve("inode" + made++));
                }
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("No space left");
            }
            assertThat(made).isLessThan(100);
            Path file = mount.directory().resolve("file");
            assertThatThrownBy(() -> allocate(file, AllocationRequest.of(0, 4096)))
                    .hasMessage(file + ": open: No space left on device (ENOSPC); no inodes left");
        }
    }

    @Test
    void saysWhenAFileCannotBeSoLarge() throws IOException {
        try (var mount = LoopMount.of(Kind.EXT4, 16)) {
            Path file = mount.directory().resolve("file");
            assertThatThrownBy(() -> allocate(file, AllocationRequest.of(1L << 60, 4096)))
                    .isInstanceOf(PosixException.class)
                    .hasMessage(file + ": fallocate at 1152921504606846976+4096: File too large (EFBIG)");
        }
    }

    @Test
    void lengthIsNoReservation() throws IOException {
        try (var mount = LoopMount.of(Kind.EXT4, 16)) {
            Path file = mount.directory().resolve("file");
            Reservation verdict = allocate(file, AllocationRequest.of(3L << 30, MIB, AllocateOption.KEEP_SIZE));
            assertThat(Files.size(file)).isZero();
            assertThat(verdict.reservedBytes()).isBetween(MIB, 2 * MIB);
            Path sparse = mount.directory().resolve("sparse");
            verdict = allocate(sparse, AllocationRequest.of(3L << 30, MIB));
            assertThat(Files.size(sparse)).isEqualTo((3L << 30) + MIB);
            assertThat(verdict.reservedBytes()).isBetween(MIB, 2 * MIB);
        }
    }

    private static long free(LoopMount mount) throws IOException {
        return Files.getFileStore(mount.directory()).getUsableSpace();
    }
}
