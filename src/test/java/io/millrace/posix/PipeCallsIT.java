// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.posix.PipeCalls.Pipe;
import io.millrace.posix.PipeCalls.PipeFlag;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.libc.Scratch;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Making, sizing and asking pipes. */
class PipeCallsIT {
    @RegisterExtension
    private final Scratch scratch = new Scratch();

    private final PipeCalls pipes = scratch.posix().pipes();
    private final IoCalls io = scratch.posix().io();

    @Test
    void makesPipesCloseOnExecWithTheFlagsAskedFor() throws IOException {
        try (var plain = pipes.pipe(Set.of());
                var special = pipes.pipe(Set.of(PipeFlag.NONBLOCK, PipeFlag.DIRECT))) {
            int write = OpenFlag.O_CLOEXEC | OpenFlag.WRITE_ONLY.bits;
            assertThat(Scratch.flags(plain.readEnd())).isEqualTo(OpenFlag.O_CLOEXEC);
            assertThat(Scratch.flags(plain.writeEnd())).isEqualTo(write);
            assertThat(Scratch.flags(special.readEnd())).isEqualTo(OpenFlag.O_CLOEXEC | PipeFlag.NONBLOCK.bits);
            assertThat(Scratch.flags(special.writeEnd()))
                    .isEqualTo(write | PipeFlag.NONBLOCK.bits | PipeFlag.DIRECT.bits);
        }
    }

    @Test
    void keepsPacketsApart() throws IOException {
        try (var pipe = pipes.pipe(Set.of(PipeFlag.DIRECT));
                var buffer = NativeBuffer.allocate(100)) {
            io.write(pipe.writeEnd(), buffer, 5);
            io.write(pipe.writeEnd(), buffer, 7);
            assertThat(io.read(pipe.readEnd(), buffer)).isEqualTo(5);
            assertThat(io.read(pipe.readEnd(), buffer)).isEqualTo(7);
        }
    }

    @Test
    void setsTheCapacityRoundedUp() throws IOException {
        try (var pipe = pipes.pipe(Set.of());
                var buffer = NativeBuffer.allocate(32768)) {
            assertThat(pipes.setCapacityBytes(pipe.readEnd(), 1 << 20)).isEqualTo(1 << 20);
            assertThat(pipes.capacityBytes(pipe.writeEnd())).isEqualTo(1 << 20);
            assertThat(pipes.setCapacityBytes(pipe.writeEnd(), (1 << 16) + 1)).isEqualTo(1 << 17);
            io.write(pipe.writeEnd(), buffer, 32768);
            assertThatThrownBy(() -> pipes.setCapacityBytes(pipe.writeEnd(), 4096))
                    .hasMessage(pipe.writeEnd() + ": F_SETPIPE_SZ: Device or resource busy (EBUSY)");
            assertThatThrownBy(() -> pipes.setCapacityBytes(pipe.writeEnd(), -1))
                    .hasMessage(pipe.writeEnd() + ": F_SETPIPE_SZ: Invalid argument (EINVAL)");
        }
    }

    @Test
    void tellsPipesFromFilesAndCountsWhatWaits() throws Exception {
        var file = scratch.write("a", new byte[123]);
        try (var pipe = pipes.pipe(Set.of());
                var fd = scratch.open(file);
                var buffer = NativeBuffer.allocate(777)) {
            assertThat(pipes.isPipe(pipe.readEnd())).isTrue();
            assertThat(pipes.isPipe(fd)).isFalse();
            assertThatThrownBy(() -> pipes.capacityBytes(fd))
                    .hasMessage(fd + ": F_GETPIPE_SZ: Bad file descriptor (EBADF)");
            assertThat(pipes.pendingBytes(pipe.readEnd())).isZero();
            io.write(pipe.writeEnd(), buffer, 777);
            assertThat(pipes.pendingBytes(pipe.readEnd())).isEqualTo(777);
            try (var path = scratch.open(file, OpenFlag.PATH)) {
                assertThatThrownBy(() -> pipes.pendingBytes(path))
                        .hasMessage(path + ": FIONREAD: Bad file descriptor (EBADF)");
            }
        }
    }

    /** Opens pipes until there are no descriptors left, and counts on having lost none. */
    static final class UseUp {
        public static void main(String[] arguments) {
            var pipes = LinuxPosix.create().pipes();
            var open = new ArrayList<Pipe>();
            for (int round = 0; round < 2; round++) {
                try {
                    while (true) {
                        open.add(pipes.pipe(Set.of()));
                    }
                } catch (PosixException e) {
                    open.forEach(Pipe::close);
                    System.out.println(open.size() + " " + e.getMessage());
                    open.clear();
                }
            }
        }
    }

    @Test
    void saysThatDescriptorsHaveRunOut() throws Exception {
        var result = ChildJvm.of(UseUp.class).under("prlimit", "--nofile=100").run();
        var lines = result.out().lines().toList();
        assertThat(lines).as(result.toString()).hasSize(2);
        assertThat(lines.get(0)).endsWith(" a new pipe: pipe2: Too many open files (EMFILE)");
        assertThat(lines.get(1)).isEqualTo(lines.get(0));
    }

    @Test
    void exceedsTheLimitOnlyForThoseWhoMay() throws IOException {
        int limit = Integer.parseInt(
                Files.readAllLines(Path.of("/proc/sys/fs/pipe-max-size")).get(0));
        try (var pipe = pipes.pipe(Set.of())) {
            if (maySetResources()) {
                assertThat(pipes.setCapacityBytes(pipe.readEnd(), 2 * limit)).isEqualTo(2 * limit);
            } else {
                assertThatThrownBy(() -> pipes.setCapacityBytes(pipe.readEnd(), 2 * limit))
                        .hasMessage(pipe.readEnd() + ": F_SETPIPE_SZ: Operation not permitted (EPERM)");
            }
        }
    }

    /** Whether this process has CAP_SYS_RESOURCE (24), which root lacks in many containers. */
    private static boolean maySetResources() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("CapEff:"))
                .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) >> 24 & 1) != 0);
    }
}
