// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.posix.PipeCalls.Pipe;
import io.millrace.posix.PipeCalls.PipeFlag;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.Scratch;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Transfers that answer at once. */
class NoWaitIT {
    private static final int PAGE = 4096;

    @RegisterExtension
    private final Scratch scratch = new Scratch();

    private final PipeCalls pipes = scratch.posix().pipes();
    private final IoCalls io = scratch.posix().io();
    private final byte[] content = new byte[3 * PAGE];

    NoWaitIT() {
        new Random(PAGE).nextBytes(content);
    }

    /** A page of capacity, and neither end waits. */
    private Pipe narrow() throws IOException {
        var pipe = pipes.pipe(Set.of());
        assertThat(pipes.setCapacityBytes(pipe.writeEnd(), PAGE)).isEqualTo(PAGE);
        io.setNonBlocking(pipe.readEnd());
        io.setNonBlocking(pipe.writeEnd());
        return pipe;
    }

    private void fill(NativeBuffer buffer) {
        buffer.first(content.length).put(content);
    }

    private byte[] read(Pipe pipe) throws IOException {
        try (var in = NativeBuffer.allocate(2 * PAGE)) {
            byte[] bytes = new byte[io.readNoWait(pipe.readEnd(), in)];
            in.first(bytes.length).get(bytes);
            return bytes;
        }
    }

    @Test
    void leavesTheOtherFlagsOfADescriptorAsTheyAre() throws IOException {
        try (var pipe = pipes.pipe(Set.of(PipeFlag.DIRECT));
                var append = scratch.open(scratch.write("a", content), OpenFlag.WRITE_ONLY, OpenFlag.APPEND)) {
            int pipeBefore = Scratch.flags(pipe.writeEnd());
            int appendBefore = Scratch.flags(append);
            io.setNonBlocking(pipe.writeEnd());
            io.setNonBlocking(append);
            io.setNonBlocking(append);
            assertThat(Scratch.flags(pipe.writeEnd())).isEqualTo(pipeBefore | OpenFlag.NONBLOCK.bits);
            assertThat(Scratch.flags(append)).isEqualTo(appendBefore | OpenFlag.NONBLOCK.bits);
            assertThat(Scratch.flags(pipe.readEnd()) & OpenFlag.NONBLOCK.bits)
                    .as("the other end")
                    .isZero();
        }
    }

    @Test
    void cannotSetWhatIsOpenAsAPathOnly() throws IOException {
        try (var path = scratch.open(scratch.write("a", content), OpenFlag.PATH)) {
            assertThatThrownBy(() -> io.setNonBlocking(path))
                    .hasMessage(path + ": F_SETFL: Bad file descriptor (EBADF)");
        }
    }

    @Test
    void readsWhatIsThereAndTellsNothingYetFromTheEnd() throws IOException {
        try (var pipe = narrow();
                var buffer = NativeBuffer.allocate(content.length)) {
            assertThat(io.readNoWait(pipe.readEnd(), buffer)).as("nothing yet").isEqualTo(-1);
            fill(buffer);
            assertThat(io.writeNoWait(pipe.writeEnd(), buffer, 0, 100)).isEqualTo(100);
            assertThat(read(pipe)).isEqualTo(Arrays.copyOf(content, 100));
            assertThat(io.readNoWait(pipe.readEnd(), buffer)).isEqualTo(-1);
            pipe.writeEnd().close();
            assertThat(io.readNoWait(pipe.readEnd(), buffer)).as("the end").isZero();
        }
    }

    @Test
    void saysWhyItCannotRead() throws IOException {
        try (var directory = scratch.openDirectory();
                var buffer = NativeBuffer.allocate(1)) {
            assertThatThrownBy(() -> io.readNoWait(directory, buffer))
                    .hasMessage(scratch.directory() + ": read: Is a directory (EISDIR)");
        }
    }

    @Test
    void writesWhatFitsFromTheOffsetOn() throws IOException {
        try (var pipe = narrow();
                var buffer = NativeBuffer.allocate(content.length)) {
            fill(buffer);
            assertThat(io.writeNoWait(pipe.writeEnd(), buffer, 10, 2 * PAGE)).isEqualTo(PAGE);
            assertThat(io.writeNoWait(pipe.writeEnd(), buffer, 10, 1))
                    .as("full")
                    .isEqualTo(-1);
            assertThat(read(pipe)).isEqualTo(Arrays.copyOfRange(content, 10, 10 + PAGE));
            assertThatThrownBy(() -> io.writeNoWait(pipe.writeEnd(), buffer, PAGE, 2 * PAGE + 1))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> io.writeNoWait(pipe.writeEnd(), buffer, -1, 1))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            pipe.readEnd().close();
            assertThatThrownBy(() -> io.writeNoWait(pipe.writeEnd(), buffer, 0, 1))
                    .hasMessage(pipe.writeEnd() + ": write: Broken pipe (EPIPE)");
        }
    }

    @Test
    void splicesWhatFitsEvenIntoAPipeWhoseEndsWait() throws IOException {
        var file = scratch.write("a", content);
        try (var fd = scratch.open(file);
                var pipe = pipes.pipe(Set.of())) {
            assertThat(pipes.setCapacityBytes(pipe.writeEnd(), PAGE)).isEqualTo(PAGE);
            var range = new ByteRange(PAGE, 10 * PAGE);
            assertThat(pipes.spliceFromFileNoWait(fd, range, pipe.writeEnd())).isEqualTo(PAGE);
            assertThat(pipes.spliceFromFileNoWait(fd, range, pipe.writeEnd()))
                    .as("full")
                    .isEqualTo(-1);
            assertThat(read(pipe)).isEqualTo(Arrays.copyOfRange(content, PAGE, 2 * PAGE));
            assertThat(pipes.spliceFromFileNoWait(fd, new ByteRange(content.length - 5, PAGE), pipe.writeEnd()))
                    .isEqualTo(5);
            assertThat(read(pipe)).isEqualTo(Arrays.copyOfRange(content, content.length - 5, content.length));
            assertThat(pipes.spliceFromFileNoWait(fd, new ByteRange(content.length, 1), pipe.writeEnd()))
                    .as("the end of the file")
                    .isZero();
            pipe.readEnd().close();
            assertThatThrownBy(() -> pipes.spliceFromFileNoWait(fd, new ByteRange(7, 100), pipe.writeEnd()))
                    .hasMessage(file + ": splice at 7+100: Broken pipe (EPIPE)");
        }
    }

    @Test
    void splicesFromFarIntoAFile() throws IOException {
        long far = 5L << 40;
        scratch.assumeLength(far + content.length);
        try (var fd = scratch.create("a");
                var pipe = narrow();
                var buffer = NativeBuffer.allocate(content.length)) {
            fill(buffer);
            io.pwrite(fd, buffer, new ByteRange(far, content.length));
            assertThat(pipes.spliceFromFileNoWait(fd, new ByteRange(far + 1, 100), pipe.writeEnd()))
                    .isEqualTo(100);
            assertThat(read(pipe)).isEqualTo(Arrays.copyOfRange(content, 1, 101));
        }
    }

    @Test
    void lendsAPipeWhatFits() throws IOException {
        try (var pipe = pipes.pipe(Set.of());
                var buffer = NativeBuffer.allocate(content.length)) {
            fill(buffer);
            assertThat(pipes.setCapacityBytes(pipe.writeEnd(), PAGE)).isEqualTo(PAGE);
            assertThat(pipes.vmspliceNoWait(buffer, content.length, pipe.writeEnd()))
                    .isEqualTo(PAGE);
            assertThat(pipes.vmspliceNoWait(buffer, 1, pipe.writeEnd()))
                    .as("full")
                    .isEqualTo(-1);
            assertThat(read(pipe)).isEqualTo(Arrays.copyOf(content, PAGE));
            assertThatThrownBy(() -> pipes.vmspliceNoWait(buffer, content.length + 1, pipe.writeEnd()))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            pipe.readEnd().close();
            assertThatThrownBy(() -> pipes.vmspliceNoWait(buffer, 1, pipe.writeEnd()))
                    .hasMessage(pipe.writeEnd() + ": vmsplice: Broken pipe (EPIPE)");
        }
    }
}
