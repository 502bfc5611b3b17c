// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.posix.FileStatus;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.FaultyPosix;
import io.millrace.testkit.LoopMount.Kind;
import io.millrace.testkit.LoopMount;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.EnumSource;

/** Files that are there already: 1 MiB of data, a hole of 6 MiB, and 1 MiB and 100 bytes of data. */
class ExistingFileIT {
    private static final int MIB = 1 << 20;
    private static final int LENGTH = 8 * MIB + 100;

    private record State(byte[] content, long sizeBytes, long reservedBytes) {
        static State of(Path file) throws IOException {
            FileStatus status = LinuxPosix.create().files().status(BytePath.of(file.toString()));
            return new State(Files.readAllBytes(file), status.sizeBytes(), status.reservedBytes());
        }

        void isStillThatOf(Path file) throws IOException {
            State now = of(file);
            assertThat(Arrays.mismatch(now.content, content)).isEqualTo(-1);
            assertThat(now.sizeBytes).isEqualTo(sizeBytes);
            assertThat(now.reservedBytes).isEqualTo(reservedBytes);
        }
    }

    private static Path holey(LoopMount mount) throws IOException {
        byte[] data = new byte[MIB + 100];
        new Random(7).nextBytes(data);
        Path file = mount.directory().resolve("file");
        try (var out = new RandomAccessFile(file.toFile(), "rw")) {
            out.write(data, 0, MIB);
            out.seek(7 * MIB);
            out.write(data);
            out.getFD().sync();
        }
        return file;
    }

    private static Reservation allocate(Path path, AllocationRequest request) throws IOException {
        return allocate(LinuxPosix.create(), path, request);
    }

    private static Reservation allocate(Posix posix, Path path, AllocationRequest request) throws IOException {
        return new Preallocator(posix, PreallocatorOptions.DEFAULT, AllocationListener.NONE)
                .allocate(BytePath.of(path.toString()), request);
    }

    @ParameterizedTest
    @EnumSource
    void isNotHarmedWithoutForce(Kind kind) throws IOException {
        try (var mount = LoopMount.of(kind, 64)) {
            Path file = holey(mount);
            State before = State.of(file);
            assertThatThrownBy(() -> allocate(file, AllocationRequest.of(0, 16 * MIB)))
                    .isInstanceOf(AllocationException.class)
                    .hasMessage(file + ": exists, and growing it from 8.00 MiB to 16.0 MiB needs --force");
            assertThatThrownBy(() -> allocate(file, AllocationRequest.of(0, MIB, AllocateOption.ZERO)))
                    .hasMessage(file + ": exists, and zeroing it needs --force");
            before.isStillThatOf(file);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "EXT2")
    void fillsItsHolesAndKeepsItsContent(Kind kind) throws IOException {
        try (var mount = LoopMount.of(kind, 64)) {
            Path file = holey(mount);
            State before = State.of(file);
            Reservation verdict = allocate(file, AllocationRequest.of(0, LENGTH));
            assertThat(verdict.reservedBytes()).isGreaterThanOrEqualTo(8 * MIB);
            State now = State.of(file);
            assertThat(Arrays.mismatch(now.content, before.content)).isEqualTo(-1);
            assertThat(now.reservedBytes).isEqualTo(verdict.reservedBytes());
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "EXT2")
    void reservesBeyondTheEndAndKeepsTheLength(Kind kind) throws IOException {
        try (var mount = LoopMount.of(kind, 64)) {
            Path file = holey(mount);
            State before = State.of(file);
            var request = AllocationRequest.of(8 * MIB, 8 * MIB, AllocateOption.KEEP_SIZE);
            assertThat(allocate(file, request).reservedBytes()).isGreaterThanOrEqualTo(before.reservedBytes + 7 * MIB);
            State now = State.of(file);
            assertThat(Arrays.mismatch(now.content, before.content)).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void growsByForce(Kind kind) throws IOException {
        try (var mount = LoopMount.of(kind, 64)) {
            Path file = holey(mount);
            State before = State.of(file);
            var request = AllocationRequest.of(0, 16 * MIB, AllocateOption.FORCE, AllocateOption.EMULATION);
            Reservation verdict = allocate(file, request);
            assertThat(verdict.method())
                    .isEqualTo(kind == Kind.EXT2 ? AllocationMethod.EMULATED : AllocationMethod.NATIVE);
            State now = State.of(file);
            assertThat(now.sizeBytes).isEqualTo(16 * MIB);
            assertThat(now.reservedBytes).isGreaterThanOrEqualTo(16 * MIB);
            assertThat(Arrays.mismatch(Arrays.copyOf(now.content, LENGTH), before.content))
                    .isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "EXT2")
    void zeroesByForceWhatIsInTheRange(Kind kind) throws IOException {
        try (var mount = LoopMount.of(kind, 64)) {
            Path file = holey(mount);
            State before = State.of(file);
            var request = AllocationRequest.of(1000, 7 * MIB, AllocateOption.FORCE, AllocateOption.ZERO);
            assertThat(allocate(file, request).reservedBytes()).isGreaterThanOrEqualTo(7 * MIB);
            byte[] expected = before.content.clone();
            Arrays.fill(expected, 1000, 7 * MIB + 1000, (byte) 0);
            assertThat(Arrays.mismatch(Files.readAllBytes(file), expected)).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"EXT2", "TMPFS"})
    void isAsItWasAfterAFailure(Kind kind) throws IOException {
        try (var mount = LoopMount.of(kind, 64)) {
            Path file = holey(mount);
            var past = AllocationRequest.of(9 * MIB, MIB, AllocateOption.KEEP_SIZE);
            Reservation unused = allocate(file, past);
            State before = State.of(file);
            for (var request : new AllocationRequest[] {
                AllocationRequest.of(0, 12 * MIB, AllocateOption.FORCE),
                AllocationRequest.of(0, 12 * MIB, AllocateOption.KEEP_SIZE),
                AllocationRequest.of(0, LENGTH),
            }) {
                var faulty = new FaultyPosix(LinuxPosix.create());
                var eio = faulty.fail("fsync", Errno.EIO).times(1);
                assertThatThrownBy(() -> allocate(faulty.posix(), file, request))
                        .hasMessage(file + ": fsync: Input/output error (EIO)")
                        .satisfies(e -> assertThat(e.getSuppressed()).isEmpty());
                assertThat(eio.injected()).isEqualTo(1);
                before.isStillThatOf(file);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "EXT2")
    void givesBackWhatDidNotFit(Kind kind) throws IOException {
        try (var mount = LoopMount.of(kind, 64)) {
            Path file = holey(mount);
            State before = State.of(file);
            long free = free(mount);
            var request = AllocationRequest.of(0, free + 100L * MIB, AllocateOption.FORCE);
            assertThatThrownBy(() -> allocate(file, request)).hasMessageContaining("ENOSPC");
            before.isStillThatOf(file);
            assertThat(Math.abs(free(mount) - free)).isLessThanOrEqualTo(MIB);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "EXT2")
    void reservesBeyondTwoGibibytesInASparseFile(Kind kind) throws IOException {
        try (var mount = LoopMount.of(kind, 64)) {
            Path file = mount.directory().resolve("sparse");
            try (var out = new RandomAccessFile(file.toFile(), "rw")) {
                out.setLength(5L << 30);
            }
            assertThat(allocate(file, AllocationRequest.of(3L << 30, 4 * MIB)).reservedBytes())
                    .isBetween(4L * MIB, 5L * MIB);
            assertThat(Files.size(file)).isEqualTo(5L << 30);
        }
    }

    private static long free(LoopMount mount) throws IOException {
        return Files.getFileStore(mount.directory()).getUsableSpace();
    }
}
