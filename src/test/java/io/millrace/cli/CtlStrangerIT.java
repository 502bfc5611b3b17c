// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.ChildJvm;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.rmi.Remote;
import java.rmi.registry.LocateRegistry;
import java.rmi.server.UnicastRemoteObject;
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

    private ChildJvm status(int port) throws IOException {
        Files.writeString(credential, "host=127.0.0.1\nport=" + port + "\nuser=millrace\npassword=x\n");
        return ChildJvm.of(Main.class, "ctl", "status", "--credential", credential);
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

    @Test
    void whoNeverAnswersIsNotWaitedForForEver() throws Exception {
        try (var mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var result = status(mute.getLocalPort())
                    .option("-Dsun.rmi.transport.tcp.responseTimeout=500")
                    .option("-Dsun.rmi.transport.tcp.handshakeTimeout=500")
                    .run();
            assertThat(result.exitCode()).as(result.toString()).isEqualTo(69);
            assertThat(result.err()).contains("no service answers to").hasLineCount(1);
        }
    }
}
