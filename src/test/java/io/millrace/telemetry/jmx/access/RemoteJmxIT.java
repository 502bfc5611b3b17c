// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.telemetry.ListenAddress;
import io.millrace.telemetry.StandIn;
import io.millrace.telemetry.jmx.beans.BeanNames;
import io.millrace.telemetry.jmx.client.ControlClient;
import io.millrace.testkit.Command;
import io.millrace.testkit.Descriptors;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.rmi.registry.LocateRegistry;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.management.remote.JMXConnector;
import javax.management.remote.rmi.RMIConnector;
import javax.management.remote.rmi.RMIServer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.rmi.ssl.SslRMIClientSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way in for other machines, and what is refused before there is one. */
class RemoteJmxIT {
    private static final String PASSWORD = "changeit";

    @TempDir
    Path directory;

    private final StandIn service = new StandIn();

    private BytePath secret(String name, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return BytePath.of(file.toString());
    }

    private BytePath key(String name) throws Exception {
        Path store = directory.resolve(name + ".p12");
        var unused = Command.run(
                "keytool",
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "SAN=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store,
                "-storepass",
                PASSWORD);
        Files.setPosixFilePermissions(store, PosixFilePermissions.fromString("rw-------"));
        return BytePath.of(store.toString());
    }

    private void trust(String name, String store) throws Exception {
        Path certificate = directory.resolve(name + ".pem");
        var unusedWords = Command.run(
                "keytool",
                "-exportcert",
                "-alias",
                name,
                "-keystore",
                directory.resolve(name + ".p12"),
                "-storepass",
                PASSWORD,
                "-file",
                certificate);
        var unusedAnswer = Command.run(
                "keytool",
                "-importcert",
                "-noprompt",
                "-alias",
                name,
                "-file",
                certificate,
                "-storetype",
                "PKCS12",
                "-keystore",
                directory.resolve(store),
                "-storepass",
                PASSWORD);
    }

    private ListenAddress loopback() {
        return new ListenAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private Object version(int port, String... credentials) throws Exception {
        var registry = LocateRegistry.getRegistry("127.0.0.1", port, new SslRMIClientSocketFactory());
        var server = (RMIServer) registry.lookup("jmxrmi");
        try (var connector = new RMIConnector(server, Map.of())) {
            connect(connector, credentials);
            return connector.getMBeanServerConnection().getAttribute(BeanNames.DAEMON, "Version");
        }
    }

    private static TrustManager[] trusting(JmxOptions.Tls tls) throws Exception {
        var store = KeyStore.getInstance(Path.of(tls.trustStore().display()).toFile(), PASSWORD.toCharArray());
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        return trust.getTrustManagers();
    }

    @SuppressWarnings("BanJNDI") // no name is looked up
    private static void connect(RMIConnector connector, String... credentials) throws IOException {
        connector.connect(Map.of(JMXConnector.CREDENTIALS, credentials));
    }

    @Test
    void wantsACertificateAndAPasswordFromOthersAndTheCredentialFromHere() throws Exception {
        BytePath own = key("service");
        BytePath client = key("client");
        trust("client", "service-trust.p12");
        trust("service", "client-trust.p12");
        BytePath password = secret("password", PASSWORD + "\n");
        var tls = new JmxOptions.Tls(
                own, BytePath.of(directory.resolve("service-trust.p12").toString()), password);
        var access = secret("access", "far readwrite let me in\n");
        var before = SSLContext.getDefault();
        try (var face = service.open(new JmxOptions(loopback(), Optional.of(access), Optional.of(tls)), directory)) {
            var theirs = new JmxOptions.Tls(
                    client, BytePath.of(directory.resolve("client-trust.p12").toString()), password);
            SSLContext.setDefault(TlsKeys.context(LinuxPosix.create(), theirs));
            assertThat(version(face.port(), "far", "let me in")).isEqualTo("0.1.0");
            assertThatThrownBy(() -> version(face.port(), "far", "guess")).isInstanceOf(SecurityException.class);
            var nameless = SSLContext.getInstance("TLS");
            nameless.init(null, trusting(theirs), null);
            var registry = LocateRegistry.getRegistry(
                    "127.0.0.1",
                    face.port(),
                    (host, port) -> nameless.getSocketFactory().createSocket(host, port));
            assertThatThrownBy(registry::list).as("without a certificate").isInstanceOf(IOException.class);
            var credential = ControlClient.credentialIn(BytePath.of(directory.toString()));
            try (var local = ControlClient.connect(LinuxPosix.create(), credential)) {
                assertThat(local.daemon().getVersion()).isEqualTo("0.1.0");
            }
            assertServedBesideHalfHandshakes(face.port(), credential);
        } finally {
            SSLContext.setDefault(before);
        }
    }

    private void assertServedBesideHalfHandshakes(int port, BytePath credential) throws Exception {
        List<Socket> held = new ArrayList<>();
        try {
            for (int i = 0; i < ConnectionTable.MAX_CONNECTIONS + 22; i++) {
                held.add(new Socket(InetAddress.getLoopbackAddress(), port));
                held.get(i).getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1}); // a ClientHello begins
            }
            assertThat(version(port, "far", "let me in")).isEqualTo("0.1.0");
            try (var local = ControlClient.connect(LinuxPosix.create(), credential)) {
                assertThat(local.daemon().getVersion()).isEqualTo("0.1.0");
            }
        } finally {
            for (Socket socket : held) {
                socket.close();
            }
        }
    }

    @Test
    void doesNotOpenToOthersWithoutBoth() throws Exception {
        var everywhere = new ListenAddress(InetAddress.getByName("0.0.0.0"), 0);
        var access = Optional.of(secret("access", "a readonly b\n"));
        assertThatThrownBy(() -> new JmxOptions(everywhere, access, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("that needs both access and tls; tls is missing");
    }

    @Test
    void refusesAnAccessFileThatOthersReadOrThatIsWrong() throws Exception {
        BytePath access = secret("access", "a readonly b\nc boss d\n");
        var options = new JmxOptions(loopback(), Optional.of(access), Optional.empty());
        assertThatThrownBy(() -> service.open(options, directory))
                .hasMessage(access + ":2: a line is NAME readonly|readwrite PASSWORD");
        Files.setPosixFilePermissions(directory.resolve("access"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> service.open(options, directory))
                .hasMessage(access + ": holds passwords, and its mode 0644 gives access to others; chmod 0600 or 0640");
    }

    @Test
    void namesAPortThatIsTakenInOneLine() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var listen = new ListenAddress(InetAddress.getLoopbackAddress(), taken.getLocalPort());
            assertThatThrownBy(
                            () -> service.open(new JmxOptions(listen, Optional.empty(), Optional.empty()), directory))
                    .isInstanceOf(IOException.class)
                    .hasMessage("jmx.listen: 127.0.0.1:" + taken.getLocalPort()
                            + ": bind: Address already in use (EADDRINUSE)");
        }
        assertThat(directory.resolve("jmx.credential")).doesNotExist();
    }

    /** Takes as long as RMI's cache of connections, some 20 s. */
    @Test
    void leavesNoSocketAndNoThreadOfItsOwn() throws Exception {
        Path shared = Files.createDirectory(directory.resolve("run"));
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-x---"));
        long sockets = 0;
        for (int round = 0; round < 20; round++) {
            try (var face = service.open(shared);
                    var client = ControlClient.connect(
                            LinuxPosix.create(), ControlClient.credentialIn(BytePath.of(shared.toString())))) {
                assertThat(client.daemon().getVersion()).isEqualTo("0.1.0");
                assertThat(PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(shared.resolve("jmx.credential"))))
                        .isEqualTo("rw-r-----");
            }
            sockets = round == 0 ? sockets() : sockets;
        }
        long first = sockets;
        // The client's side of RMI, in this JVM too, keeps closed connections for 15 s.
        await().atMost(Duration.ofSeconds(60)).until(() -> sockets() <= first);
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("RMI TCP Accept")
                        || name.startsWith("JMX server")
                        || name.startsWith("millrace-jmx"));
        assertThat(shared).isEmptyDirectory();
    }

    private static long sockets() throws IOException {
        return Descriptors.open().values().stream()
                .filter(target -> target.startsWith("socket:"))
                .count();
    }
}
