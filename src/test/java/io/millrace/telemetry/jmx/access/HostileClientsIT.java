// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.telemetry.ListenAddress;
import io.millrace.telemetry.StandIn;
import io.millrace.telemetry.jmx.JmxServer;
import io.millrace.telemetry.jmx.beans.BeanNames;
import io.millrace.telemetry.jmx.beans.DaemonMXBean;
import io.millrace.telemetry.jmx.client.ControlClient;
import io.millrace.testkit.Jrmp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.rmi.NoSuchObjectException;
import java.rmi.registry.LocateRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import javax.management.remote.rmi.RMIConnection;
import javax.management.remote.rmi.RMIServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JMX clients that send too much, or nothing, or come in numbers; while others are served. */
class HostileClientsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int LARGEST_TRY = 64 << 20;

    @TempDir
    Path directory;

    private final StandIn service = new StandIn();
    private final List<Socket> held = new ArrayList<>();
    private JmxServer face;

    @BeforeEach
    void open() throws IOException {
        Path access = Files.writeString(directory.resolve("access"), "looker readonly see me\n");
        Files.setPosixFilePermissions(access, PosixFilePermissions.fromString("rw-------"));
        var listen = new ListenAddress(InetAddress.getLoopbackAddress(), 0);
        face = service.open(
                new JmxOptions(listen, Optional.of(BytePath.of(access.toString())), Optional.empty()), directory);
    }

    @AfterEach
    void close() throws IOException {
        for (Socket socket : held) {
            socket.close();
        }
        face.close();
    }

    /** Whoever has the credential gets in, and an answer. */
    private void assertServed() throws IOException {
        var credential = ControlClient.credentialIn(BytePath.of(directory.toString()));
        try (var client = ControlClient.connect(LinuxPosix.create(), credential)) {
            assertThat(client.daemon().getVersion()).isEqualTo("0.1.0");
        }
    }

    private static void sendUntilClosed(Socket socket, byte[] begin) throws IOException {
        byte[] letters = "A".repeat(1 << 16).getBytes(StandardCharsets.US_ASCII);
        socket.getOutputStream().write(begin);
        for (int sent = 0; sent < LARGEST_TRY; sent += letters.length) {
            socket.getOutputStream().write(letters);
        }
    }

    @Test
    void aStringWithoutEndIsCutOffBeforeTheLogin() throws Exception {
        byte[] server = Jrmp.lookUp(face.port());
        for (byte[] call : List.of(
                Jrmp.registryCall(2, out -> {}),
                Jrmp.registryCall(0, out -> {}),
                Jrmp.dgcCall(1, out -> {}),
                Jrmp.newClient(server, out -> {}),
                new byte[] {0x50})) {
            try (Socket socket = Jrmp.stream(face.port())) {
                assertThatThrownBy(() -> sendUntilClosed(socket, Jrmp.hugeString(call, 300 << 20)))
                        .isInstanceOf(IOException.class);
            }
            assertServed();
        }
    }

    @SuppressWarnings("BanJNDI") // as any client does; the registry is this test's own
    private MBeanServerConnection looker(List<JMXConnector> opened) throws IOException {
        var url = new JMXServiceURL("service:jmx:rmi:///jndi/rmi://127.0.0.1:" + face.port() + "/jmxrmi");
        var connector =
                JMXConnectorFactory.connect(url, Map.of(JMXConnector.CREDENTIALS, new String[] {"looker", "see me"}));
        opened.add(connector);
        return connector.getMBeanServerConnection();
    }

    @Test
    void soIsAPasswordOrAnArgumentOfManyBytes() throws Exception {
        String much = "A".repeat(32 << 20);
        assertThatThrownBy(() -> server().newClient(new String[] {"looker", much}))
                .isInstanceOf(IOException.class);
        List<JMXConnector> opened = new ArrayList<>();
        var beans = looker(opened);
        assertThatThrownBy(() -> beans.isInstanceOf(BeanNames.DAEMON, much)).isInstanceOf(IOException.class);
        assertServed();
        assertThat(beans.isInstanceOf(BeanNames.DAEMON, DaemonMXBean.class.getName()))
                .as("by another connection")
                .isTrue();
        opened.get(0).close();
    }

    private RMIServer server() throws Exception {
        return (RMIServer) LocateRegistry.getRegistry("127.0.0.1", face.port()).lookup("jmxrmi");
    }

    @Test
    void whoSaysNothingMakesRoomForWhoLogsIn() throws Exception {
        for (byte[] begin : List.of(new byte[0], Jrmp.STREAM, Jrmp.SINGLE, new byte[] {'J', 'R'})) {
            for (int i = 0; i < ConnectionTable.MAX_CONNECTIONS + 22; i++) {
                held.add(Jrmp.connect(face.port()));
                held.get(held.size() - 1).getOutputStream().write(begin);
            }
            assertServed();
        }
        for (int i = 0; i < ConnectionTable.MAX_CONNECTIONS + 22; i++) {
            held.add(Jrmp.stream(face.port()));
        }
        assertServed();
    }

    private static boolean isClosed(Socket socket) throws IOException {
        socket.setSoTimeout(50);
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true; // reset, where what was sent had not been read
        }
    }

    @Test
    void whoDoesNotLogInIsClosedAlsoWhenHeKeepsSending() throws Exception {
        Socket silent = Jrmp.stream(face.port());
        Socket busy = Jrmp.stream(face.port());
        held.addAll(List.of(silent, busy));
        await().atMost(PATIENCE).until(() -> isClosed(silent));
        await().atMost(PATIENCE).until(() -> {
            try {
                busy.getOutputStream().write(Jrmp.PING);
                return isClosed(busy);
            } catch (IOException e) {
                return true; // while it was being written to
            }
        });
    }

    @Test
    void idleUsersWhoMayOnlyReadMakeRoomToo() throws Exception {
        List<JMXConnector> opened = new ArrayList<>();
        for (int i = 0; i < ConnectionTable.MAX_CONNECTIONS + 10; i++) {
            assertThat(looker(opened).getAttribute(BeanNames.DAEMON, "Version")).isEqualTo("0.1.0");
        }
        assertServed();
        for (JMXConnector connector : opened) {
            connector.close();
        }
    }

    @Test
    void sessionsThatNobodyClosesAreNotManyAndTheLastOnesLive() throws Exception {
        RMIServer server = server();
        var credentials = new String[] {"looker", "see me"};
        List<RMIConnection> sessions = new ArrayList<>();
        for (int i = 0; i < 2 * RoleServer.MAX_SESSIONS; i++) {
            sessions.add(server.newClient(credentials));
        }
        assertThatThrownBy(() -> sessions.get(0).getDefaultDomain(null)).isInstanceOf(NoSuchObjectException.class);
        System.gc(); // nobody else holds them, as there are no leases
        assertThat(sessions.get(sessions.size() - 1).getDefaultDomain(null)).isEqualTo("io.millrace");
        assertServed();
    }

    @Test
    void listenersOfASessionAreCounted() throws Exception {
        List<JMXConnector> opened = new ArrayList<>();
        var beans = looker(opened);
        for (int i = 0; i < ClientSession.MAX_LISTENERS - 1; i++) { // the client has one of its own
            beans.addNotificationListener(BeanNames.DAEMON, (notice, handback) -> {}, null, null);
        }
        assertThatThrownBy(() -> beans.addNotificationListener(BeanNames.DAEMON, (notice, handback) -> {}, null, null))
                .hasMessage("a client has at most 1000 listeners");
        opened.get(0).close();
    }

    @Test
    void aNullIsRefusedWithTheNameOfTheParameter() throws Exception {
        var credential = ControlClient.credentialIn(BytePath.of(directory.toString()));
        try (var client = ControlClient.connect(LinuxPosix.create(), credential)) {
            String[] none = {};
            String[] some = {"/srv", null};
            assertThatThrownBy(() -> client.scans().startPaths(some, none, none, "neutral", "none"))
                    .hasRootCauseMessage("paths[1] is missing (null)");
            assertThatThrownBy(() -> client.scans().startPaths(none, new String[1], none, "neutral", "none"))
                    .hasRootCauseMessage("digests[0] is missing (null)");
            assertThatThrownBy(() -> client.scans().rate("s-1", null)).hasRootCauseMessage("rate is missing (null)");
        }
    }

    @Test
    void noOperationTakesANull() throws Exception {
        var beans = connectAsOwner();
        for (var bean : beans.queryNames(null, null)) {
            for (var operation : beans.getMBeanInfo(bean).getOperations()) {
                String[] signature = Arrays.stream(operation.getSignature())
                        .map(parameter -> parameter.getType())
                        .toArray(String[]::new);
                if (signature.length == 0 || !bean.getDomain().equals("io.millrace")) {
                    continue;
                }
                assertThatThrownBy(
                                () -> beans.invoke(bean, operation.getName(), new Object[signature.length], signature))
                        .as(bean + " " + operation.getName())
                        .rootCause()
                        .hasMessageMatching(".* is missing \\(null\\)");
            }
        }
        assertThat(service.told).isEmpty();
    }

    @SuppressWarnings("BanJNDI") // as any client does; the registry is this test's own
    private MBeanServerConnection connectAsOwner() throws Exception {
        var credential =
                Credential.read(LinuxPosix.create(), ControlClient.credentialIn(BytePath.of(directory.toString())));
        var url = new JMXServiceURL("service:jmx:rmi:///jndi/rmi://127.0.0.1:" + face.port() + "/jmxrmi");
        return JMXConnectorFactory.connect(
                        url, Map.of(JMXConnector.CREDENTIALS, new String[] {credential.user(), credential.password()}))
                .getMBeanServerConnection();
    }
}
