// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.access;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.rmi.server.RMIClientSocketFactory;
import java.rmi.server.UnicastRemoteObject;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import javax.management.MBeanServer;
import javax.management.remote.rmi.RMIConnection;
import javax.management.remote.rmi.RMIJRMPServerImpl;
import javax.security.auth.Subject;
import org.jspecify.annotations.Nullable;

/**
 * Creates the sessions of clients, each with an MBean server that enforces the role of its user. The role is bound to
 * the connection, not to the thread, so that it does not depend on the security manager, which newer JDKs do not have.
 */
final class RoleServer extends RMIJRMPServerImpl {
    /** Bounds the memory of sessions that clients do not close. */
    static final int MAX_SESSIONS = 128;

    private final @Nullable RMIClientSocketFactory clientSockets;
    private final JmxServerSocket door;
    private final Map<String, ?> environment;
    private final Function<Role, MBeanServer> gates;
    private final ThreadLocal<MBeanServer> chosen = new ThreadLocal<>();

    private final Semaphore readers = new Semaphore(SessionGate.MAX_CALLS);

    /**
     * The most recently used session is the last. They are referenced here because no client holds a lease: see
     * {@link RmiLimits}.
     */
    @GuardedBy("sessions") private final Set<ClientSession> sessions = new LinkedHashSet<>();

    /** @param clientSockets null: RMI's own */
    RoleServer(
            @Nullable RMIClientSocketFactory clientSockets,
            JmxServerSocket door,
            Map<String, ?> environment,
            Function<Role, MBeanServer> gates)
            throws IOException {
        super(door.getLocalPort(), clientSockets, door, environment);
        this.clientSockets = clientSockets;
        this.door = door;
        this.environment = environment;
        this.gates = gates;
    }

    /** Called by each connection while it is created. */
    @Override
    public synchronized MBeanServer getMBeanServer() {
        MBeanServer gate = chosen.get();
        return gate == null ? super.getMBeanServer() : gate;
    }

    @Override
    protected RMIConnection makeClient(String connectionId, Subject subject) throws IOException {
        Role role =
                subject.getPublicCredentials(Role.class).stream().findFirst().orElse(Role.READONLY);
        var gate = new SessionGate(gates.apply(role), role == Role.READONLY ? readers : null);
        chosen.set(gate.server());
        try {
            var session = new ClientSession(this, connectionId, role, environment);
            gate.of(session);
            var unused = UnicastRemoteObject.exportObject(
                    session, door.getLocalPort(), clientSockets, door, new SerialFilter(session::used));
            endOthers();
            synchronized (sessions) {
                sessions.add(session);
            }
            session.used();
            return session;
        } finally {
            chosen.remove();
        }
    }

    /**
     * Makes room for one more session: ends the least recently used {@code readonly} session, or else the least
     * recently used one of the other role.
     */
    private void endOthers() throws IOException {
        ClientSession victim = null;
        synchronized (sessions) {
            if (sessions.size() >= MAX_SESSIONS) {
                victim = sessions.stream()
                        .min(Comparator.comparing(ClientSession::role)) // returns the first of equal elements
                        .orElseThrow();
            }
        }
        if (victim != null) {
            victim.close();
        }
    }

    void used(ClientSession session) {
        synchronized (sessions) {
            if (sessions.remove(session)) { // otherwise it has ended meanwhile
                sessions.add(session);
            }
        }
    }

    void ended(ClientSession session) {
        synchronized (sessions) {
            sessions.remove(session);
        }
    }
}
