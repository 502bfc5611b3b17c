// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.posix.SpaceCalls.FallocateMode;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.libc.Scratch;
import io.millrace.testkit.Command;
import io.millrace.testkit.LoopMount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SpaceCallsIT {
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;
    private static final long TIB = 1L << 40;

    @RegisterExtension
    private final Scratch scratch = new Scratch();

    private final SpaceCalls space = scratch.posix().space();
    private final FileCalls files = scratch.posix().files();

    @BeforeEach
    void needsFallocate() throws IOException {
        try (var fd = scratch.create("probe")) {
            space.fallocate(fd, FallocateMode.RESERVE, new ByteRange(0, 1));
        } catch (PosixException e) {
            assumeTrue(!e.is(Errno.EOPNOTSUPP), "no fallocate on this file system");
            throw e;
        }
    }

    @Test
    void reservesAndGrows() throws IOException {
        try (var fd = scratch.create("a")) {
            space.fallocate(fd, FallocateMode.RESERVE, new ByteRange(MIB, 3 * MIB));
            assertThat(files.status(fd).sizeBytes()).isEqualTo(4 * MIB);
            assertThat(files.status(fd).reservedBytes()).isBetween(3 * MIB, 4 * MIB - 1);
        }
    }

    @Test
    void reservesWithoutGrowing() throws IOException {
        try (var fd = scratch.create("a")) {
            space.fallocate(fd, FallocateMode.RESERVE_KEEP_SIZE, new ByteRange(0, 3 * MIB));
            assertThat(files.status(fd).sizeBytes()).isZero();
            assertThat(files.status(fd).reservedBytes()).isGreaterThanOrEqualTo(3 * MIB);
        }
    }

    @Test
    void punchesHolesThatGiveTheBlocksBack() throws IOException {
        try (var fd = scratch.create("a")) {
            fill(fd, 4);
            long before = files.status(fd).reservedBytes();
            space.fallocate(fd, FallocateMode.PUNCH_HOLE, new ByteRange(MIB, 2 * MIB));
            assertThat(files.status(fd).sizeBytes()).isEqualTo(4 * MIB);
            assertThat(before - files.status(fd).reservedBytes()).isEqualTo(2 * MIB);
            assertThat(firstByte(fd, MIB)).isZero();
            assertThat(firstByte(fd, 3 * MIB)).isEqualTo((byte) 'x');
        }
    }

    @Test
    void zeroesAndKeepsTheBlocks() throws IOException {
        try (var fd = scratch.create("a")) {
            fill(fd, 4);
            zero(fd, FallocateMode.ZERO, new ByteRange(MIB, MIB));
            assertThat(firstByte(fd, MIB)).isZero();
            assertThat(firstByte(fd, 2 * MIB)).isEqualTo((byte) 'x');
            zero(fd, FallocateMode.ZERO_KEEP_SIZE, new ByteRange(3 * MIB, 2 * MIB));
            assertThat(files.status(fd).sizeBytes()).isEqualTo(4 * MIB);
            assertThat(files.status(fd).reservedBytes()).isGreaterThanOrEqualTo(5 * MIB);
            zero(fd, FallocateMode.ZERO, new ByteRange(3 * MIB, 3 * MIB));
            assertThat(files.status(fd).sizeBytes()).isEqualTo(6 * MIB);
        }
    }

    private void zero(OwnedFd fd, FallocateMode mode, ByteRange range) throws PosixException {
        try {
            space.fallocate(fd, mode, range);
        } catch (PosixException e) {
            assumeTrue(!e.is(Errno.EOPNOTSUPP), "this file system cannot zero a range (tmpfs)");
            throw e;
        }
    }

    private void fill(OwnedFd fd, int mebibytes) throws IOException {
        try (var buffer = NativeBuffer.allocate((int) MIB)) {
            var bytes = buffer.first((int) MIB);
            while (bytes.hasRemaining()) {
                bytes.put((byte) 'x');
            }
            for (int i = 0; i < mebibytes; i++) {
                scratch.posix().io().pwrite(fd, buffer, new ByteRange(i * MIB, MIB));
            }
        }
        files.fsync(fd);
    }

    private byte firstByte(OwnedFd fd, long offset) throws IOException {
        try (var buffer = NativeBuffer.allocate(1)) {
            assertThat(scratch.posix().io().pread(fd, buffer, new ByteRange(offset, 1)))
                    .isEqualTo(1);
            return buffer.first(1).get();
        }
    }

    @Test
    void reservesMoreThanTwoGibibytesBeyondTwoGibibytes() throws IOException {
        try (var fd = scratch.create("a")) {
            assumeTrue(files.fileSystem(fd).availableBytes() > 8 * GIB, "too little free space for 6 GiB");
            space.fallocate(fd, FallocateMode.RESERVE, new ByteRange(3 * GIB, 3 * GIB));
            assertThat(files.status(fd).sizeBytes()).isEqualTo(6 * GIB);
            assertThat(files.status(fd).reservedBytes()).isBetween(3 * GIB, 4 * GIB);
            space.posixFallocate(fd, new ByteRange(6 * GIB, 3 * GIB));
            assertThat(files.status(fd).sizeBytes()).isEqualTo(9 * GIB);
            assertThat(files.status(fd).reservedBytes()).isBetween(6 * GIB, 7 * GIB);
            files.truncate(fd, 0);
            assertThat(files.status(fd).reservedBytes()).isZero();
        }
    }

    @Test
    void namesFileAndRangeWhenItCannotReserve() throws IOException {
        var file = scratch.write("a", new byte[1]);
        try (var fd = scratch.open(file, OpenFlag.WRITE_ONLY);
                var reader = scratch.open(file);
                var device = scratch.open(Path.of("/dev/null"), OpenFlag.WRITE_ONLY);
                var pipe = scratch.posix().pipes().pipe(Set.of())) {
            var range = new ByteRange(5 * TIB, 4096);
            refused(reader, range, Errno.EBADF);
            refused(pipe.writeEnd(), range, Errno.ESPIPE);
            refused(device, range, Errno.ENODEV);
            refused(fd, new ByteRange(5, 0), Errno.EINVAL);
            refused(fd, ByteRange.between(5, Long.MAX_VALUE), Errno.EFBIG, Errno.ENOSPC);
            assertThat(files.status(fd).sizeBytes()).isEqualTo(1);
        }
    }

    /** By both: fallocate sets errno, posix_fallocate returns it and here the number of the call before is stale. */
    private void refused(OwnedFd fd, ByteRange range, Errno... reasons) {
        for (String call : new String[] {"fallocate", "posix_fallocate"}) {
            assertThatThrownBy(() -> {
                        assertThat(scratch.posix().pipes().isPipe(OwnedFd.standardOutput()))
                                .isIn(true, false);
                        if (call.equals("fallocate")) {
                            space.fallocate(fd, FallocateMode.RESERVE, range);
                        } else {
                            space.posixFallocate(fd, range);
                        }
                    })
                    .isInstanceOfSatisfying(PosixException.class, e -> {
                        assertThat(e.errno()).isIn((Object[]) reasons);
                        assertThat(e)
                                .hasMessage(fd + ": " + call + " at " + range + ": "
                                        + e.errno().message() + " (" + e.errno() + ")");
                    });
        }
    }

    @Test
    void saysThatTheDiskIsFull() throws IOException {
        try (var mount = LoopMount.of(LoopMount.Kind.TMPFS, 8);
                var fd = create(mount, "a")) {
            refused(fd, new ByteRange(0, 9 * MIB), Errno.ENOSPC);
            assertThat(files.status(fd).reservedBytes()).isZero();
        }
    }

    @Test
    void emulatesOnlyWhereAskedTo() throws IOException {
        try (var mount = LoopMount.of(LoopMount.Kind.EXT2, 16);
                var fd = create(mount, "a")) {
            assertThatThrownBy(() -> space.fallocate(fd, FallocateMode.RESERVE, new ByteRange(0, MIB)))
                    .hasMessage(fd + ": fallocate at 0+1048576: Operation not supported (EOPNOTSUPP)");
            space.posixFallocate(fd, new ByteRange(0, MIB));
            assertThat(files.status(fd).reservedBytes()).isGreaterThanOrEqualTo(MIB);
        }
    }

    private OwnedFd create(LoopMount mount, String name) throws PosixException {
        return files.create(
                Scratch.path(mount.directory().resolve(name)), Set.of(OpenFlag.READ_WRITE, OpenFlag.CREATE), 0600);
    }

    @Test
    void tellsWhetherAFileIsRewrittenInPlace() throws Exception {
        try (var mount = LoopMount.of(LoopMount.Kind.BTRFS, 128);
                var plain = create(mount, "plain");
                var marked = create(mount, "marked")) {
            Command.run("chattr", "+C", mount.directory().resolve("marked"));
            assertThat(space.isNoCopyOnWrite(plain)).isFalse();
            assertThat(space.isNoCopyOnWrite(marked)).isTrue();
        }
        try (var pipe = scratch.posix().pipes().pipe(Set.of())) {
            assertThatThrownBy(() -> space.isNoCopyOnWrite(pipe.readEnd()))
                    .hasMessage(pipe.readEnd() + ": FS_IOC_GETFLAGS: Inappropriate ioctl for device (ENOTTY)");
        }
    }
}
