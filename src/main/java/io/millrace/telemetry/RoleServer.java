// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import java.io.IOException;
import java.rmi.server.RMIClientSocketFactory;
import java.rmi.server.UnicastRemoteObject;
import java.util.Map;
import java.util.function.Function;
import javax.management.MBeanServer;
import javax.management.remote.rmi.RMIConnection;
import javax.management.remote.rmi.RMIConnectionImpl;
import javax.management.remote.rmi.RMIJRMPServerImpl;
import javax.security.auth.Subject;
import org.jspecify.annotations.Nullable;

/**
 * Gives every client a connection that ends at the gate of its role. The role is bound to the connection, not to the
 * thread, so that it does not hang on the security manager's machinery, which newer JDKs no longer have.
 */
final class RoleServer extends RMIJRMPServerImpl {
    private final @Nullable RMIClientSocketFactory clientSockets;
    private final Door door;
    private final Map<String, ?> environment;
    private final Function<Role, MBeanServer> gates;
    private final ThreadLocal<MBeanServer> chosen = new ThreadLocal<>();

    /** {@code clientSockets} may be null: RMI's own. */
    RoleServer(
            @Nullable RMIClientSocketFactory clientSockets,
            Door door,
            Map<String, ?> environment,
            Function<Role, MBeanServer> gates)
            throws IOException {
        super(door.getLocalPort(), clientSockets, door, environment);
        this.clientSockets = clientSockets;
        this.door = door;
        this.environment = environment;
        this.gates = gates;
    }

    /** Asked for by each connection while it is made. */
    @Override
    public synchronized MBeanServer getMBeanServer() {
        MBeanServer gate = chosen.get();
        return gate == null ? super.getMBeanServer() : gate;
    }

    @Override
    protected RMIConnection makeClient(String connectionId, Subject subject) throws IOException {
        Role role =
                subject.getPublicCredentials(Role.class).stream().findFirst().orElse(Role.READONLY);
        chosen.set(gates.apply(role));
        try {
            var connection = new RMIConnectionImpl(this, connectionId, getDefaultClassLoader(), null, environment);
            var unused = UnicastRemoteObject.exportObject(
                    connection, door.getLocalPort(), clientSockets, door, new SerialFilter());
            return connection;
        } finally {
            chosen.remove();
        }
    }
}
