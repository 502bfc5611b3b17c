// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.ChildJvm;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.rmi.Remote;
import java.rmi.registry.LocateRegistry;
import java.rmi.server.UnicastRemoteObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace ctl}, with a credential that a crash left behind, and somebody else on the service's port. */
class CtlStrangerIT {
    @TempDir
    Path directory;

    private Path credential;

    /** Writes a file in whoever reads it. */
    private static final class Gadget implements Remote, Serializable {
        private static final long serialVersionUID = 1L;

        private final String file;

        Gadget(Path file) {
            this.file = file.toString();
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            Files.writeString(Path.of(file), "ran");
        }
    }

    @BeforeEach
    void makeCredential() throws IOException {
        credential = Files.createFile(directory.resolve("jmx.credential"));
        Files.setPosixFilePermissions(credential, PosixFilePermissions.fromString("rw-------"));
    }

    private ChildJvm status(int port, String... more) throws IOException {
        Files.writeString(credential, "host=127.0.0.1\nport=" + port + "\nuser=millrace\npassword=x\n");
        List<Object> words = new ArrayList<>(List.of("ctl", "status", "--credential", credential));
        words.addAll(List.of(more));
        return ChildJvm.of(Main.class, words.toArray());
    }

    @Test
    void noCodeOfAStrangersReplyRuns() throws Exception {
        Path proof = directory.resolve("proof");
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        var registry = LocateRegistry.createRegistry(port);
        try {
            registry.rebind("jmxrmi", new Gadget(proof));
            var result = status(port).run();
            assertThat(result.exitCode()).as(result.toString()).isEqualTo(69);
            assertThat(result.err())
                    .isEqualTo("millrace: 127.0.0.1:" + port + ": no service answers to " + credential
                            + " (filter status: REJECTED)\n");
            assertThat(proof).doesNotExist();
            assertThat(LocateRegistry.getRegistry(port).lookup("jmxrmi")).isNotNull();
            assertThat(proof).as("without the filter it does run").exists();
        } finally {
            UnicastRemoteObject.unexportObject(registry, true);
        }
    }

    /** Listens; gives whoever connects to {@code behaviour}, one after the other. */
    private static Thread listen(ServerSocket socket, Behaviour behaviour) {
        var thread = new Thread(() -> {
            while (!socket.isClosed()) {
                try (Socket client = socket.accept()) {
                    behaviour.serve(client);
                } catch (IOException | InterruptedException e) {
                    continue; // the client gave up, as it should
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private interface Behaviour {
        void serve(Socket client) throws IOException, InterruptedException;
    }

    private static void greet(Socket client) throws IOException {
        client.getInputStream().readNBytes(7);
        var out = new DataOutputStream(client.getOutputStream());
        out.writeByte(0x4e);
        out.writeUTF("127.0.0.1");
        out.writeInt(client.getPort());
        client.getInputStream().readNBytes(1);
    }

    /** An answer that is a string of 512 MiB. */
    private static void beginString(Socket client) throws IOException {
        greet(client);
        client.getOutputStream().write(new byte[] {0x51, (byte) 0xac, (byte) 0xed, 0, 5});
        client.getOutputStream().write(new byte[] {0x77, 15, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        client.getOutputStream().write(new byte[] {0x7c, 0, 0, 0, 0, 0x20, 0, 0, 0});
    }

    private void assertGivenUp(Behaviour behaviour, String why) throws Exception {
        assertGivenUp(behaviour, why, "60s");
    }

    private void assertNotWaitedFor(Behaviour behaviour) throws Exception {
        assertGivenUp(behaviour, "no response within 1500ms", "1500ms");
    }

    private void assertGivenUp(Behaviour behaviour, String why, String timeout) throws Exception {
        try (var listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            listen(listening, behaviour);
            var result = status(listening.getLocalPort(), "--timeout", timeout)
                    .option("-Xmx64m")
                    .run();
            assertThat(result.exitCode()).as(result.toString()).isEqualTo(69);
            assertThat(result.err())
                    .isEqualTo("millrace: 127.0.0.1:" + listening.getLocalPort() + ": no service answers to "
                            + credential + " (" + why + ")\n");
        }
    }

    @Test
    void whoNeverAnswersIsNotWaitedForForEver() throws Exception {
        assertNotWaitedFor(client -> Thread.sleep(Long.MAX_VALUE)); // it accepts, and says nothing
        assertNotWaitedFor(client -> {
            greet(client);
            Thread.sleep(Long.MAX_VALUE); // a server that has no more to say
        });
    }

    @Test
    void norWhoAnswersAByteNowAndThen() throws Exception {
        assertNotWaitedFor(client -> {
            beginString(client);
            while (true) {
                client.getOutputStream().write(0);
                Thread.sleep(100); // the pace of a server that never ends its answer
            }
        });
    }

    @Test
    void whoClosesTheConnectionOrSpeaksAnotherProtocolIsNoService() throws Exception {
        assertGivenUp(client -> client.getInputStream().readNBytes(7), "it closed the connection");
        assertGivenUp(
                client -> {
                    client.getInputStream().readNBytes(7);
                    client.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
                },
                "non-JRMP server at remote endpoint");
    }

    @Test
    void anAnswerThatWouldFillTheMemoryIsCutOff() throws Exception {
        assertGivenUp(
                client -> {
                    beginString(client);
                    byte[] letters = "A".repeat(1 << 20).getBytes(US_ASCII);
                    for (int i = 0; i < 512; i++) {
                        client.getOutputStream().write(letters);
                    }
                },
                "a response of more than 4 MiB");
    }
}
