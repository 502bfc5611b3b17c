// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.libc.Scratch;
import io.millrace.testkit.CCompiler;
import io.millrace.testkit.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TerminalCallsIT {
    @RegisterExtension
    private final Scratch scratch = new Scratch();

    private final TerminalCalls terminals = scratch.posix().terminals();
    private final IoCalls io = scratch.posix().io();

    private OwnedFd master() throws PosixException {
        var master = terminals.openMaster();
        terminals.grant(master);
        terminals.unlock(master);
        return master;
    }

    private OwnedFd slave(OwnedFd master) throws PosixException {
        return scratch.posix()
                .files()
                .open(terminals.slaveName(master), Set.of(OpenFlag.READ_WRITE, OpenFlag.NO_CONTROLLING_TERMINAL));
    }

    private void write(OwnedFd fd, String text) throws IOException {
        try (var buffer = NativeBuffer.allocate(100)) {
            buffer.first(text.length()).put(text.getBytes(StandardCharsets.US_ASCII));
            io.write(fd, buffer, text.length());
        }
    }

    private String read(OwnedFd fd) throws IOException {
        try (var buffer = NativeBuffer.allocate(100)) {
            return StandardCharsets.US_ASCII
                    .decode(buffer.first(io.read(fd, buffer)))
                    .toString();
        }
    }

    @Test
    void carriesBytesBothWaysAndEndsInEio() throws IOException {
        try (var master = master()) {
            try (var slave = slave(master)) {
                write(slave, "out\n");
                assertThat(read(master)).isEqualTo("out\r\n");
                write(master, "in\n");
                assertThat(read(slave)).isEqualTo("in\n");
                assertThat(read(master)).as("the echo").isEqualTo("in\r\n");
                write(slave, "last");
            }
            assertThat(read(master)).isEqualTo("last");
            assertThatThrownBy(() -> read(master)).hasMessage(master + ": read: Input/output error (EIO)");
        }
    }

    @Test
    void keepsTheSlaveLockedUntilToldOtherwise() throws IOException {
        try (var master = terminals.openMaster()) {
            terminals.grant(master);
            var name = terminals.slaveName(master);
            assertThat(name.toString()).matches("/dev/pts/\\d+");
            assertThatThrownBy(() -> slave(master).close()).hasMessage(name + ": open: Input/output error (EIO)");
            terminals.unlock(master);
            slave(master).close();
        }
    }

    @Test
    void knowsTheWidthOfATerminal() throws Exception {
        try (var master = master();
                var slave = slave(master);
                var file = scratch.open(scratch.write("a", new byte[1]))) {
            assertThat(terminals.columns(slave)).as("a new one has no size").isEmpty();
            Command.run("stty", "-F", terminals.slaveName(master), "cols", 40_000);
            assertThat(terminals.columns(slave)).hasValue(40_000);
            assertThat(terminals.rows(slave)).as("not told yet").isEmpty();
            assertThat(terminals.columns(file)).isEmpty();
        }
    }

    @Test
    void setsTheSizeForBothSides() throws Exception {
        try (var master = master();
                var slave = slave(master)) {
            terminals.setSize(master, 65_535, 132);
            assertThat(terminals.columns(slave)).hasValue(132);
            assertThat(terminals.columns(master)).hasValue(132);
            assertThat(terminals.rows(slave)).hasValue(65_535);
            assertThat(Command.run("stty", "-F", terminals.slaveName(master), "size"))
                    .isEqualTo("65535 132\n");
        }
    }

    @Test
    void makesATerminalRawAsTheLibraryDoes() throws Exception {
        var program = CCompiler.program(scratch.directory(), "raw", """
                #include <fcntl.h>
                #include <termios.h>
                int main(int count, char **words) {
                    int fd = open(words[1], O_RDWR | O_NOCTTY);
                    struct termios modes;
                    if (tcgetattr(fd, &modes)) return 1;
                    cfmakeraw(&modes);
                    return tcsetattr(fd, TCSANOW, &modes) ? 2 : 0;
                }
                """);
        try (var ours = master();
                var theirs = master();
                var slave = slave(ours);
                var other = slave(theirs)) {
            var names = List.of(terminals.slaveName(ours), terminals.slaveName(theirs));
            for (BytePath name : names) {
                var odd = "ignbrk parmrk istrip inlcr igncr ixany iuclc olcuc cstopb echonl noflsh";
                var words = new ArrayList<Object>(List.of("stty", "-F", name));
                words.addAll(List.of(odd.split(" ")));
                assertThat(Command.run(words.toArray())).isEmpty();
            }
            terminals.makeRaw(ours);
            assertThat(Command.run(program, names.get(1))).isEmpty();
            assertThat(modes(names.get(0))).isEqualTo(modes(names.get(1))).contains("-icanon", "cs8", "noflsh");
            assertThat(terminals.isTerminal(slave) && terminals.isTerminal(other))
                    .isTrue();
        }
    }

    private static String modes(BytePath terminal) throws Exception {
        return Command.run("stty", "-a", "-F", terminal);
    }

    @Test
    void tellsTerminalsFromOtherFiles() throws IOException {
        try (var master = master();
                var slave = slave(master);
                var file = scratch.open(scratch.write("a", new byte[1]));
                var device = scratch.open(Path.of("/dev/null"))) {
            assertThat(terminals.isTerminal(slave)).isTrue();
            assertThat(terminals.isTerminal(master)).isTrue();
            assertThat(terminals.isTerminal(file)).isFalse();
            assertThat(terminals.isTerminal(device)).isFalse();
        }
    }

    @Test
    void saysThatAPipeIsNoTerminal() throws IOException {
        try (var pipe = scratch.posix().pipes().pipe(Set.of())) {
            var fd = pipe.readEnd();
            assertThatThrownBy(() -> terminals.grant(fd)).hasMessage(fd + ": grantpt: Invalid argument (EINVAL)");
            assertThatThrownBy(() -> terminals.unlock(fd)).hasMessage(fd + ": unlockpt: Invalid argument (EINVAL)");
            assertThatThrownBy(() -> terminals.slaveName(fd))
                    .hasMessage(fd + ": ptsname_r: Inappropriate ioctl for device (ENOTTY)");
            assertThatThrownBy(() -> terminals.makeRaw(fd))
                    .hasMessage(fd + ": TCGETS: Inappropriate ioctl for device (ENOTTY)");
            assertThatThrownBy(() -> terminals.setSize(fd, 24, 80))
                    .hasMessage(fd + ": TIOCSWINSZ: Inappropriate ioctl for device (ENOTTY)");
        }
    }
}
