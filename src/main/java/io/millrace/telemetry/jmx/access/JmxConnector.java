// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.access;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.millrace.telemetry.ListenAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.rmi.NoSuchObjectException;
import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.rmi.server.RMIClientSocketFactory;
import java.rmi.server.UnicastRemoteObject;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import javax.management.MBeanServer;
import javax.management.remote.JMXConnectorServer;
import javax.management.remote.JMXServiceURL;
import javax.management.remote.rmi.RMIConnectorServer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** One way in: registry and objects of RMI behind one listening socket. {@link #close()} leaves neither behind. */
public final class JmxConnector implements AutoCloseable {
    public static final String REGISTERED_AS = "jmxrmi";

    /** What RMI writes into its stubs; unset, it asks the resolver for this machine's name. */
    private static final String HOST_PROPERTY = "java.rmi.server.hostname";

    /** What it was set to here, and not by whoever started the JVM. */
    @GuardedBy("JmxConnector.class") private static @Nullable String toldHost;

    private final JmxServerSocket door;
    private final Registry registry;
    private final RMIConnectorServer server;

    private JmxConnector(JmxServerSocket door, Registry registry, RMIConnectorServer server) {
        this.door = door;
        this.registry = registry;
        this.server = server;
    }

    /**
     * Begins to listen.
     *
     * @param clientSockets what clients are told to connect with; null: RMI's own
     * @throws IOException one line
     */
    public static JmxConnector open(
            ListenAddress listen,
            Optional<SSLContext> tls,
            @Nullable RMIClientSocketFactory clientSockets,
            Admission admission,
            CredentialAuthenticator.Users users,
            Function<Role, MBeanServer> gates)
            throws IOException {
        RmiLimits.apply();
        InetAddress address = listen.address();
        var login = new CredentialAuthenticator(users, admission.log());
        JmxServerSocket door = JmxServerSocket.open(listen, tls, admission);
        try {
            if (!(clientSockets instanceof LoopbackSockets)) { // which do not look at the host
                tellHost(address);
            }
            return start(door, address, clientSockets, login, gates);
        } catch (IOException | RuntimeException e) {
            door.close();
            throw e;
        }
    }

    /** RMI asks for it whenever a client comes, so the address that was opened last is the one to tell. */
    private static synchronized void tellHost(InetAddress address) throws IOException {
        String now = System.getProperty(HOST_PROPERTY);
        boolean isOurs = now != null && now.equals(toldHost);
        if (isOurs || (now == null && !address.isAnyLocalAddress())) {
            InetAddress named = address.isAnyLocalAddress() ? InetAddress.getLocalHost() : address;
            toldHost = named.getHostAddress();
            System.setProperty(HOST_PROPERTY, toldHost);
        }
    }

    private static JmxConnector start(
            JmxServerSocket door,
            InetAddress address,
            @Nullable RMIClientSocketFactory clientSockets,
            CredentialAuthenticator login,
            Function<Role, MBeanServer> gates)
            throws IOException {
        Map<String, ?> environment = Map.of(
                JMXConnectorServer.AUTHENTICATOR,
                login,
                RMIConnectorServer.CREDENTIALS_FILTER_PATTERN,
                SerialFilter.CREDENTIALS);
        int port = door.getLocalPort();
        var objects = new RoleServer(clientSockets, door, environment, gates);
        var url = new JMXServiceURL("rmi", address.getHostAddress(), port);
        var server = new RMIConnectorServer(url, environment, objects, gates.apply(Role.READONLY));
        Registry registry = LocateRegistry.createRegistry(port, clientSockets, door);
        try {
            server.start();
            registry.rebind(REGISTERED_AS, objects.toStub());
            return new JmxConnector(door, registry, server);
        } catch (IOException | RuntimeException e) {
            UnicastRemoteObject.unexportObject(registry, true);
            server.stop();
            throw e;
        }
    }

    public int port() {
        return door.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        try {
            UnicastRemoteObject.unexportObject(registry, true);
            server.stop();
        } catch (NoSuchObjectException e) {
            throw new IllegalStateException("closed twice", e);
        } finally {
            door.close();
        }
    }
}
