// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.posix.PipeCalls.SpliceFlag;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** splice, tee and vmsplice, with the bytes looked at on the other side. */
class SpliceIT {
    private static final long TIB = 1L << 40;
    private static final Set<SpliceFlag> NOW = Set.of(SpliceFlag.NONBLOCK);

    @RegisterExtension
    private final Scratch scratch = new Scratch();

    private final PipeCalls pipes = scratch.posix().pipes();
    private final IoCalls io = scratch.posix().io();
    private final byte[] content = new byte[40_000];

    SpliceIT() {
        new Random(40_000).nextBytes(content);
    }

    private byte[] drain(OwnedFd readEnd) throws IOException {
        try (var buffer = NativeBuffer.allocate(1 << 20)) {
            int length = 0;
            byte[] all = new byte[1 << 20];
            while (pipes.pendingBytes(readEnd) > 0) {
                int count = io.read(readEnd, buffer);
                buffer.first(count).get(all, length, count);
                length += count;
            }
            return Arrays.copyOf(all, length);
        }
    }

    @Test
    void movesARangeOfAFileIntoAPipe() throws IOException {
        try (var fd = scratch.open(scratch.write("a", content));
                var pipe = pipes.pipe(Set.of())) {
            assertThat(pipes.spliceFromFile(fd, new ByteRange(1_001, 20_000), pipe.writeEnd(), Set.of()))
                    .isEqualTo(20_000);
            assertThat(drain(pipe.readEnd())).isEqualTo(Arrays.copyOfRange(content, 1_001, 21_001));
            assertThat(pipes.spliceFromFile(fd, new ByteRange(39_990, 5L << 30), pipe.writeEnd(), Set.of()))
                    .isEqualTo(10);
            assertThat(drain(pipe.readEnd())).isEqualTo(Arrays.copyOfRange(content, 39_990, 40_000));
            assertThat(pipes.spliceFromFile(fd, new ByteRange(40_000, 10), pipe.writeEnd(), Set.of()))
                    .isZero();
        }
    }

    @Test
    void movesWhatLiesFiveTebibytesIntoAFile() throws IOException {
        scratch.assumeLength(6 * TIB);
        try (var fd = scratch.create("a");
                var buffer = NativeBuffer.allocate(40_000);
                var pipe = pipes.pipe(Set.of())) {
            buffer.first(40_000).put(content);
            io.pwrite(fd, buffer, new ByteRange(5 * TIB, 40_000));
            assertThat(pipes.spliceFromFile(fd, new ByteRange(5 * TIB, TIB), pipe.writeEnd(), Set.of()))
                    .isEqualTo(40_000);
            assertThat(drain(pipe.readEnd())).isEqualTo(content);
        }
    }

    @Test
    void movesWhatFitsAndThenSaysThatThePipeIsFull() throws IOException {
        try (var fd = scratch.open(scratch.write("a", new byte[1 << 20]));
                var pipe = pipes.pipe(Set.of())) {
            var range = new ByteRange(0, 1 << 20);
            int capacity = pipes.capacityBytes(pipe.writeEnd());
            assertThat(pipes.spliceFromFile(fd, range, pipe.writeEnd(), NOW)).isEqualTo(capacity);
            assertThatThrownBy(() -> pipes.spliceFromFile(fd, range, pipe.writeEnd(), NOW))
                    .hasMessage(fd + " to " + pipe.writeEnd()
                            + ": splice at 0+1048576: Resource temporarily unavailable (EAGAIN)");
            pipe.readEnd().close();
            assertThatThrownBy(() -> pipes.spliceFromFile(fd, range, pipe.writeEnd(), NOW))
                    .hasMessageEndingWith(": splice at 0+1048576: Broken pipe (EPIPE)");
            assertThatThrownBy(() -> pipes.spliceFromFile(fd, range, fd, NOW))
                    .hasMessageEndingWith(": splice at 0+1048576: Bad file descriptor (EBADF)");
        }
    }

    @Test
    void movesOutOfAPipeIntoAFileOrAnotherPipe() throws IOException {
        var target = scratch.file("b");
        try (var fd = scratch.open(scratch.write("a", content));
                var out = scratch.create("b");
                var one = pipes.pipe(Set.of());
                var other = pipes.pipe(Set.of())) {
            assertThat(pipes.spliceFromFile(fd, new ByteRange(0, 40_000), one.writeEnd(), Set.of()))
                    .isEqualTo(40_000);
            assertThat(pipes.splice(one.readEnd(), other.writeEnd(), 10_000, Set.of(SpliceFlag.MOVE, SpliceFlag.MORE)))
                    .isEqualTo(10_000);
            assertThat(pipes.splice(one.readEnd(), out, 5L << 30, Set.of())).isEqualTo(30_000);
            assertThat(drain(other.readEnd())).isEqualTo(Arrays.copyOf(content, 10_000));
            assertThat(Files.readAllBytes(target)).isEqualTo(Arrays.copyOfRange(content, 10_000, 40_000));
            assertThatThrownBy(() -> pipes.splice(one.readEnd(), out, 1, NOW)).hasMessageEndingWith("(EAGAIN)");
            one.writeEnd().close();
            assertThat(pipes.splice(one.readEnd(), out, 1, Set.of()))
                    .as("the end")
                    .isZero();
        }
        try (var append = scratch.open(target, OpenFlag.WRITE_ONLY, OpenFlag.APPEND);
                var pipe = pipes.pipe(Set.of())) {
            assertThatThrownBy(() -> pipes.splice(pipe.readEnd(), append, 1, NOW))
                    .hasMessage(pipe.readEnd() + " to " + target + ": splice: Invalid argument (EINVAL)");
        }
    }

    @Test
    void copiesBetweenPipesWithoutConsuming() throws IOException {
        try (var one = pipes.pipe(Set.of());
                var other = pipes.pipe(Set.of());
                var buffer = NativeBuffer.allocate(40_000)) {
            assertThatThrownBy(() -> pipes.tee(one.readEnd(), other.writeEnd(), 1, NOW))
                    .hasMessage(one.readEnd() + " to " + other.writeEnd()
                            + ": tee: Resource temporarily unavailable (EAGAIN)");
            buffer.first(40_000).put(content);
            io.write(one.writeEnd(), buffer, 40_000);
            assertThat(pipes.tee(one.readEnd(), other.writeEnd(), 5L << 30, Set.of()))
                    .isEqualTo(40_000);
            assertThat(drain(other.readEnd())).isEqualTo(content);
            assertThat(drain(one.readEnd())).isEqualTo(content);
            one.writeEnd().close();
            assertThat(pipes.tee(one.readEnd(), other.writeEnd(), 1, Set.of())).isZero();
            assertThatThrownBy(() -> pipes.tee(one.readEnd(), one.readEnd(), 1, NOW))
                    .hasMessageEndingWith("(EBADF)");
        }
    }

    @Test
    void lendsMemoryToAPipe() throws IOException {
        try (var pipe = pipes.pipe(Set.of());
                var buffer = NativeBuffer.allocate(40_000)) {
            buffer.first(40_000).put(content);
            assertThat(pipes.vmsplice(buffer, 40_000, pipe.writeEnd(), Set.of()))
                    .isEqualTo(40_000);
            assertThat(drain(pipe.readEnd())).isEqualTo(content);
            assertThat(pipes.setCapacityBytes(pipe.writeEnd(), 4096)).isEqualTo(4096);
            assertThat(pipes.vmsplice(buffer, 40_000, pipe.writeEnd(), NOW)).isEqualTo(4096);
            assertThatThrownBy(() -> pipes.vmsplice(buffer, 1, pipe.writeEnd(), NOW))
                    .hasMessage(pipe.writeEnd() + ": vmsplice: Resource temporarily unavailable (EAGAIN)");
            pipe.readEnd().close();
            assertThatThrownBy(() -> pipes.vmsplice(buffer, 1, pipe.writeEnd(), Set.of(SpliceFlag.GIFT)))
                    .hasMessage(pipe.writeEnd() + ": vmsplice: Broken pipe (EPIPE)");
        }
    }
}
