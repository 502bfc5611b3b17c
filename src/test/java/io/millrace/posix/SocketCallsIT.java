// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.libc.Scratch;
import io.millrace.testkit.TestWorker;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Datagrams to a receiver that is a program of its own. */
class SocketCallsIT {
    /** Binds to the address in argument 1, says so, and prints as many datagrams as argument 2 says. */
    private static final String RECEIVER = """
            import socket, sys
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            name = sys.argv[1]
            s.bind("\\0" + name[1:] if name[0] == "@" else name)
            print("bound", flush=True)
            for i in range(int(sys.argv[2])):
                print(repr(s.recv(65536))[2:-1], flush=True)
            sys.stdin.read()
            """;

    @RegisterExtension
    private final Scratch scratch = new Scratch();

    private final SocketCalls sockets = scratch.posix().sockets();

    /** A receiver that has bound, and stays until it is closed. */
    private static final class Receiver implements AutoCloseable {
        private final Process process;
        private final BufferedReader out;

        Receiver(String address, int datagrams) throws IOException {
            process = new ProcessBuilder(TestWorker.python(), "-c", RECEIVER, address, String.valueOf(datagrams))
                    .redirectErrorStream(true)
                    .start();
            out = process.inputReader(StandardCharsets.UTF_8);
            assertThat(out.readLine()).isEqualTo("bound");
        }

        String line() throws IOException {
            return out.readLine();
        }

        @Override
        public void close() throws Exception {
            process.getOutputStream().close();
            assertThat(process.waitFor()).isZero();
        }
    }

    private void send(String address, String message) throws PosixException {
        sockets.sendDatagram(BytePath.of(address), message.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/s", "@millrace-", "/ü"})
    void reachesFilesAndAbstractNames(String start) throws Exception {
        String address = start.startsWith("@") ? start + ProcessHandle.current().pid() : scratch.directory() + start;
        try (var receiver = new Receiver(address, 2)) {
            send(address, "READY=1\nSTATUS=3 pools full, \u00fc");
            assertThat(receiver.line()).isEqualTo("READY=1\\nSTATUS=3 pools full, \\xc3\\xbc");
            send(address, "STOPPING=1");
            assertThat(receiver.line()).isEqualTo("STOPPING=1");
        }
        assertThatThrownBy(() -> send(address, "x"))
                .hasMessage(BytePath.of(address) + ": sendto: Connection refused (ECONNREFUSED)");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void takesAddressesOfUpToTheLengthOfTheStruct(boolean isAbstract) throws Exception {
        String start = isAbstract ? "@" : scratch.directory() + "/";
        String longest = start + "n".repeat((isAbstract ? 108 : 107) - start.length());
        try (var receiver = new Receiver(longest, 1)) {
            send(longest, "here");
            assertThat(receiver.line()).isEqualTo("here");
        }
        assertThatThrownBy(() -> send(longest + "n", "x"))
                .hasMessage(longest + "n: sendto: File name too long (ENAMETOOLONG)");
    }

    @Test
    void saysWhatIsWrongWithAnAddress() throws IOException {
        String file = scratch.write("file", new byte[0]).toString();
        assertThatThrownBy(() -> send(scratch.file("gone").toString(), "x")).hasMessageContaining("(ENOENT)");
        assertThatThrownBy(() -> send(file, "x")).hasMessageContaining("(ECONNREFUSED)");
        assertThatThrownBy(() -> send("relative", "x")).hasMessageContaining("(EAFNOSUPPORT)");
        assertThatThrownBy(() -> send("vsock:2:1234", "x")).hasMessageContaining("(EAFNOSUPPORT)");
    }

    @Test
    void doesNotWaitForAReceiverThatDoesNotRead() throws Exception {
        String address = scratch.file("deaf").toString();
        try (var receiver = new Receiver(address, 0)) {
            assertTimeout(
                    Duration.ofSeconds(20),
                    () -> assertThatThrownBy(() -> {
                                for (int i = 0; i < 100_000; i++) {
                                    send(address, "WATCHDOG=1");
                                }
                            })
                            .hasMessage(address + ": sendto: Resource temporarily unavailable (EAGAIN)"));
            assertThat(receiver.process.isAlive()).isTrue();
        }
    }
}
