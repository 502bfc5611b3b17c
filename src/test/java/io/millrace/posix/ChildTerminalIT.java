// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.posix.ChildCalls.ChildProcess;
import io.millrace.posix.libc.Children;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.libc.Scratch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Children whose standard output and error are a terminal. */
class ChildTerminalIT {
    @RegisterExtension
    private final Scratch scratch = new Scratch();

    private final Posix posix = scratch.posix();
    private final TerminalCalls terminals = posix.terminals();
    private final Children children = new Children(posix);

    private OwnedFd master() throws PosixException {
        var master = terminals.openMaster();
        terminals.grant(master);
        terminals.unlock(master);
        return master;
    }

    private ChildProcess start(OwnedFd master, String... words) throws PosixException {
        return children.start(new SpawnRequest.Terminal(terminals.slaveName(master)), words);
    }

    /** What a shell's script writes to a raw terminal; it must leave with 0. */
    private List<String> said(OwnedFd master, String script) throws IOException {
        terminals.makeRaw(master);
        var child = start(master, "/bin/sh", "-c", script);
        byte[] out = children.readAll(master);
        assertThat(children.end(child)).isEqualTo(new ExitStatus(false, 0));
        return new String(out, StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .toList();
    }

    @Test
    void isControlledByTheTerminalInASessionOfItsOwn() throws IOException {
        try (var master = master()) {
            String name = terminals.slaveName(master).toString();
            var said = said(
                    master,
                    "tty <&1; tty <&2; echo $$; ps -o sid=,pgid=,tpgid= -p $$; ps -o tty= -p $$; echo there >/dev/tty");
            String pid = said.get(2);
            assertThat(said.get(3).split("\\s+")).containsExactly(pid, pid, pid);
            assertThat(said).containsExactly(name, name, pid, said.get(3), name.replace("/dev/", ""), "there");
        }
    }

    @Test
    void hasOnlyTheTerminalBesidesItsInput() throws IOException {
        try (var master = master()) {
            String name = terminals.slaveName(master).toString();
            var said = said(master, "test -t 0 || ls -l /proc/self/fd | sed -n 's/.* \\([0-9] -> .*\\)/\\1/p'");
            assertThat(said).hasSize(4);
            assertThat(said.get(0)).isEqualTo("0 -> /dev/null");
            assertThat(said.get(1)).as("ls writes to sed").startsWith("1 -> pipe:");
            assertThat(said.get(2)).isEqualTo("2 -> " + name);
            assertThat(said.get(3)).as("what ls reads").matches("3 -> /proc/\\d+/fd");
        }
    }

    @Test
    void seesTheSizeThatWasSet() throws IOException {
        try (var master = master()) {
            terminals.setSize(master, 50, 40_000);
            assertThat(said(master, "stty size <&1")).containsExactly("50 40000");
        }
    }

    @Test
    void writesEveryByteUnchangedToARawTerminal() throws IOException {
        byte[] content = new byte[256 * 64];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i % 3 == 0 ? '\n' : i * 7);
        }
        var file = scratch.write("all", content);
        try (var master = master()) {
            terminals.makeRaw(master);
            var child = start(master, "/bin/cat", file.toString());
            assertThat(children.readAll(master)).isEqualTo(content);
            assertThat(children.end(child).isSuccess()).isTrue();
        }
    }

    @Test
    void endsItsOutputInEioAndNotBefore() throws IOException {
        try (var master = master();
                var buffer = NativeBuffer.allocate(100)) {
            posix.io().setNonBlocking(master);
            terminals.makeRaw(master);
            var child = start(master, "/bin/sh", "-c", "sleep 0.05; echo out; echo err >&2; sleep 0.05");
            var said = new StringBuilder();
            var input = Poll.forInput(master);
            assertThatThrownBy(() -> {
                        while (posix.pipes().poll(List.of(input), 10_000) == 1) {
                            int count = posix.io().readNoWait(master, buffer);
                            assertThat(count).as("after poll").isNotZero();
                            said.append(StandardCharsets.US_ASCII.decode(buffer.first(Math.max(count, 0))));
                        }
                    })
                    .isInstanceOf(PosixException.class)
                    .hasMessage(master + ": read: Input/output error (EIO)");
            assertThat(said.toString()).isEqualTo("out\nerr\n");
            assertThat(children.end(child).isSuccess()).isTrue();
        }
    }

    @Test
    void hearsThatItsTerminalIsGone() throws IOException {
        var master = master();
        var child = start(master, "/bin/sleep", "1000");
        master.close();
        assertThat(children.end(child)).as("SIGHUP").isEqualTo(new ExitStatus(true, 1));
    }

    @Test
    void cannotStartOnATerminalThatIsLocked() throws IOException {
        try (var master = terminals.openMaster()) {
            assertThatThrownBy(() -> start(master, "/bin/true"))
                    .hasMessage("/bin/true: posix_spawn: Input/output error (EIO)");
        }
    }
}
