// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.posix.PageCalls.Advice;
import io.millrace.posix.PipeCalls.PipeFlag;
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
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class IoCallsIT {
    private static final long TIB = 1L << 40;

    @RegisterExtension
    private final Scratch scratch = new Scratch();

    private final IoCalls io = scratch.posix().io();

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static byte[] bytes(NativeBuffer buffer, int length) {
        byte[] bytes = new byte[length];
        buffer.first(length).get(bytes);
        return bytes;
    }

    @Test
    void readsRangesUpToTheEndOfTheFile() throws IOException {
        byte[] content = random(10_000);
        try (var fd = scratch.open(scratch.write("a", content));
                var buffer = NativeBuffer.allocate(8_000)) {
            assertThat(io.pread(fd, buffer, new ByteRange(1_000, 8_000))).isEqualTo(8_000);
            assertThat(ByteBuffer.wrap(bytes(buffer, 8_000))).isEqualTo(ByteBuffer.wrap(content, 1_000, 8_000));
            assertThat(io.pread(fd, buffer, new ByteRange(9_000, 8_000))).isEqualTo(1_000);
            assertThat(ByteBuffer.wrap(bytes(buffer, 1_000))).isEqualTo(ByteBuffer.wrap(content, 9_000, 1_000));
            assertThat(io.pread(fd, buffer, new ByteRange(10_000, 1))).isZero();
            assertThat(io.pread(fd, buffer, new ByteRange(Long.MAX_VALUE - 1, 1)))
                    .isZero();
            assertThat(io.pread(fd, buffer, new ByteRange(5, 0))).isZero();
        }
    }

    @Test
    void readsAndWritesFiveTebibytesIntoAFile() throws IOException {
        scratch.assumeLength(6 * TIB);
        try (var fd = scratch.create("a");
                var buffer = NativeBuffer.allocate(3_000)) {
            byte[] content = random(3_000);
            buffer.first(3_000).put(content);
            io.pwrite(fd, buffer, new ByteRange(5 * TIB, 3_000));
            assertThat(scratch.posix().files().status(fd).sizeBytes()).isEqualTo(5 * TIB + 3_000);
            buffer.first(3_000).put(new byte[3_000]);
            assertThat(io.pread(fd, buffer, new ByteRange(5 * TIB, 3_000))).isEqualTo(3_000);
            assertThat(bytes(buffer, 3_000)).isEqualTo(content);
            assertThat(io.pread(fd, buffer, new ByteRange(4 * TIB, 3_000))).isEqualTo(3_000);
            assertThat(bytes(buffer, 3_000)).isEqualTo(new byte[3_000]);
        }
    }

    @Test
    void refusesRangesThatDoNotFitInTheBufferBeforeTheKernelSeesThem() throws IOException {
        try (var fd = scratch.create("a");
                var pipe = scratch.posix().pipes().pipe(Set.of());
                var buffer = NativeBuffer.allocate(4_096)) {
            scratch.posix().files().truncate(fd, 100_000);
            var range = new ByteRange(0, 4_097);
            assertThatThrownBy(() -> io.pread(fd, buffer, range)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> io.preadDontCache(fd, buffer, range))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> io.pwrite(fd, buffer, range)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> io.write(fd, buffer, 4_097)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> io.write(fd, buffer, -1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> scratch.posix().pipes().vmsplice(buffer, 4_097, pipe.writeEnd(), Set.of()))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void refusesBuffersThatAreClosed() throws IOException {
        var buffer = NativeBuffer.allocate(10);
        buffer.close();
        buffer.close();
        try (var fd = scratch.open(scratch.write("a", random(10)))) {
            assertThatIllegalStateException().isThrownBy(() -> io.pread(fd, buffer, new ByteRange(0, 10)));
            assertThatIllegalStateException().isThrownBy(() -> buffer.first(1));
        }
    }

    @Test
    void namesFileAndRangeWhenItCannotReadOrWrite() throws IOException {
        var file = scratch.write("a", random(10));
        try (var reader = scratch.open(file);
                var writer = scratch.open(file, OpenFlag.WRITE_ONLY);
                var directory = scratch.openDirectory();
                var pipe = scratch.posix().pipes().pipe(Set.of());
                var buffer = NativeBuffer.allocate(100)) {
            var range = new ByteRange(5 * TIB, 100);
            String at = " at 5497558138880+100: ";
            assertThatThrownBy(() -> io.pwrite(reader, buffer, range))
                    .hasMessage(file + ": pwrite" + at + "Bad file descriptor (EBADF)");
            assertThatThrownBy(() -> io.pread(writer, buffer, range))
                    .hasMessage(file + ": pread" + at + "Bad file descriptor (EBADF)");
            assertThatThrownBy(() -> io.pread(directory, buffer, range))
                    .hasMessage(scratch.directory() + ": pread" + at + "Is a directory (EISDIR)");
            assertThatThrownBy(() -> io.pread(pipe.readEnd(), buffer, range))
                    .hasMessage(pipe.readEnd() + ": pread" + at + "Illegal seek (ESPIPE)");
            var beyond = ByteRange.between(Long.MAX_VALUE - 100, Long.MAX_VALUE);
            Throwable tooLarge = catchThrowable(() -> io.pwrite(writer, buffer, beyond));
            if (tooLarge == null) { // xfs, btrfs and tmpfs go that far
                assertThat(scratch.posix().files().status(writer).sizeBytes()).isEqualTo(Long.MAX_VALUE);
            } else {
                assertThat(tooLarge).hasMessage(file + ": pwrite at " + beyond + ": File too large (EFBIG)");
            }
            assertThatThrownBy(() -> io.read(writer, buffer)).hasMessage(file + ": read: Bad file descriptor (EBADF)");
        }
    }

    @Test
    void tellsTheOffsetAtWhichALongWriteStruckTheLimit() throws Exception {
        assumeTrue(scratch.posix().process().effectiveUser() == 0, "mounting needs root");
        try (var mount = LoopMount.of(LoopMount.Kind.TMPFS, 1);
                var fd = scratch.posix()
                        .files()
                        .create(
                                Scratch.path(mount.directory().resolve("a")),
                                Set.of(OpenFlag.CREATE, OpenFlag.WRITE_ONLY),
                                0600);
                var buffer = NativeBuffer.allocate(3 << 20)) {
            assertThatThrownBy(() -> io.pwrite(fd, buffer, new ByteRange(0, 3 << 20)))
                    .hasMessage(fd + ": pwrite at 1048576+2097152: No space left on device (ENOSPC)");
        }
    }

    @Test
    void readsPastTheCacheAndLeavesNothingInIt() throws Exception {
        byte[] content = random(9 << 20);
        var file = scratch.write("a", content);
        Command.run("sync", file);
        try (var fd = scratch.open(file);
                var buffer = NativeBuffer.allocate(8 << 20)) {
            scratch.posix().pages().fadvise(fd, new ByteRange(0, 0), Advice.DONTNEED);
            assumeTrue(resident(file).equals("0"), "this file system keeps its pages");
            assertThat(readDontCache(fd, buffer, new ByteRange(1 << 20, 8 << 20)))
                    .isEqualTo(8 << 20);
            assertThat(ByteBuffer.wrap(bytes(buffer, 8 << 20)).equals(ByteBuffer.wrap(content, 1 << 20, 8 << 20)))
                    .isTrue();
            assertThat(readDontCache(fd, buffer, new ByteRange((9 << 20) - 5, 100)))
                    .isEqualTo(5);
            assertThat(Integer.parseInt(resident(file))).isLessThan((1 << 20) / 4096);
        }
    }

    private static String resident(Path file) throws Exception {
        return Command.run("fincore", "--noheadings", "--output", "PAGES", file).strip();
    }

    private int readDontCache(OwnedFd fd, NativeBuffer buffer, ByteRange range) throws PosixException {
        try {
            return io.preadDontCache(fd, buffer, range);
        } catch (PosixException e) {
            assumeFalse(e.is(Errno.EOPNOTSUPP), "no RWF_DONTCACHE here (Linux 6.14, not on every file system)");
            throw e;
        }
    }

    @Test
    void saysSoWhereTheCacheCannotBePassed() throws IOException {
        assumeTrue(Files.isDirectory(Path.of("/dev/shm")), "no tmpfs");
        var file = Files.createTempFile(Path.of("/dev/shm"), "millrace", "");
        try (var fd = scratch.open(file);
                var buffer = NativeBuffer.allocate(100)) {
            assertThatThrownBy(() -> io.preadDontCache(fd, buffer, new ByteRange(7, 100)))
                    .hasMessage(file + ": preadv2 at 7+100: Operation not supported (EOPNOTSUPP)");
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void readsPastTheCacheAltogetherIntoItsAlignedBuffer() throws IOException {
        byte[] content = random(1 << 20);
        var file = scratch.write("a", content);
        OwnedFd opened;
        try {
            opened = scratch.open(file, OpenFlag.DIRECT);
        } catch (PosixException e) {
            assumeFalse(e.is(Errno.EINVAL), "no O_DIRECT on this file system");
            throw e;
        }
        try (var fd = opened;
                var buffer = NativeBuffer.allocate(1 << 20)) {
            assertThat(io.pread(fd, buffer, new ByteRange(0, 1 << 20))).isEqualTo(1 << 20);
            assertThat(bytes(buffer, 1 << 20)).isEqualTo(content);
        }
    }

    @Test
    void readsAndWritesPipes() throws IOException {
        try (var pipe = scratch.posix().pipes().pipe(Set.of(PipeFlag.NONBLOCK));
                var out = NativeBuffer.allocate(100);
                var in = NativeBuffer.allocate(1000)) {
            assertThatThrownBy(() -> io.read(pipe.readEnd(), in))
                    .hasMessage(pipe.readEnd() + ": read: Resource temporarily unavailable (EAGAIN)");
            byte[] content = random(100);
            out.first(100).put(content);
            io.write(pipe.writeEnd(), out, 100);
            assertThat(io.read(pipe.readEnd(), in)).isEqualTo(100);
            assertThat(bytes(in, 100)).isEqualTo(content);
            io.write(pipe.writeEnd(), out, 0);
            pipe.writeEnd().close();
            assertThat(io.read(pipe.readEnd(), in)).as("the end").isZero();
        }
    }

    @Test
    void writesAllHoweverLittleThePipeHolds() throws Exception {
        int length = 1 << 20;
        byte[] content = random(length);
        try (var pipe = scratch.posix().pipes().pipe(Set.of());
                var out = NativeBuffer.allocate(length);
                var in = NativeBuffer.allocate(length)) {
            out.first(length).put(content);
            var seen = ByteBuffer.allocate(length);
            var reader = CompletableFuture.runAsync(() -> {
                while (seen.hasRemaining()) {
                    try {
                        seen.put(in.first(io.read(pipe.readEnd(), in)));
                    } catch (PosixException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            });
            io.write(pipe.writeEnd(), out, length);
            reader.get();
            assertThat(seen.array()).isEqualTo(content);
        }
    }

    @Test
    void saysWhyNobodyTakesWhatItWrites() throws IOException {
        try (var pipe = scratch.posix().pipes().pipe(Set.of());
                var full = scratch.open(Path.of("/dev/full"), OpenFlag.WRITE_ONLY);
                var buffer = NativeBuffer.allocate(10)) {
            pipe.readEnd().close();
            assertThatThrownBy(() -> io.write(pipe.writeEnd(), buffer, 10))
                    .hasMessage(pipe.writeEnd() + ": write: Broken pipe (EPIPE)");
            assertThatThrownBy(() -> io.write(full, buffer, 10))
                    .hasMessage("/dev/full: write: No space left on device (ENOSPC)");
        }
    }
}
