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

/**
 * One JMX connector: an RMI registry and remote objects behind one listening socket. Any thread; the opener closes it,
 * and {@link #close()} removes both.
 */
public final class JmxConnector implements AutoCloseable {
    public static final String REGISTERED_AS = "jmxrmi";

    /** RMI writes the value into its stubs; if it is unset, RMI resolves this machine's host name. */
    private static final String HOST_PROPERTY = "java.rmi.server.hostname";

    /** The value that this class has set, as opposed to an option of the JVM. */
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
     * Starts listening.
     *
     * @param clientSockets the socket factory that stubs contain; null: RMI's own
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
            if (!(clientSockets instanceof LoopbackSockets)) { // these ignore the host
                tellHost(address);
            }
            return start(door, address, clientSockets, login, gates);
        } catch (IOException | RuntimeException e) {
            door.close();
            throw e;
        }
    }

    /** RMI reads the property whenever a client connects, so the address that was opened last is used. */
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
