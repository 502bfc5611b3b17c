// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.access;

import java.io.IOException;
import java.rmi.MarshalledObject;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.InstanceNotFoundException;
import javax.management.ListenerNotFoundException;
import javax.management.ObjectName;
import javax.management.remote.NotificationResult;
import javax.management.remote.rmi.RMIConnectionImpl;
import javax.security.auth.Subject;

/** The session of one login: the remote object that a client calls, and a limited number of notification listeners. */
final class ClientSession extends RMIConnectionImpl {
    /** Each listener uses memory of the service, and no client needs more than one for each MBean. */
    static final int MAX_LISTENERS = 1000;

    private final RoleServer server;
    private final Role role;
    private final AtomicInteger listeners = new AtomicInteger();

    ClientSession(RoleServer server, String connectionId, Role role, Map<String, ?> environment) {
        super(server, connectionId, server.getDefaultClassLoader(), null, environment);
        this.server = server;
        this.role = role;
    }

    Role role() {
        return role;
    }

    /** Records that this thread serves a call to this session. */
    void used() {
        AcceptedSocket.authenticated(role);
        server.used(this);
    }

    @Override
    @SuppressWarnings("rawtypes") // as declared by the JDK
    public Integer[] addNotificationListeners(
            ObjectName[] names, MarshalledObject[] filters, Subject[] delegationSubjects)
            throws InstanceNotFoundException, IOException {
        used();
        int wanted = names == null ? 0 : names.length;
        if (listeners.addAndGet(wanted) > MAX_LISTENERS) {
            listeners.addAndGet(-wanted);
            throw new IllegalArgumentException("a client has at most " + MAX_LISTENERS + " listeners");
        }
        return super.addNotificationListeners(names, filters, delegationSubjects);
    }

    @Override
    public void removeNotificationListeners(ObjectName name, Integer[] listenerIDs, Subject delegationSubject)
            throws InstanceNotFoundException, ListenerNotFoundException, IOException {
        used();
        super.removeNotificationListeners(name, listenerIDs, delegationSubject);
        listeners.addAndGet(-listenerIDs.length);
    }

    @Override
    public NotificationResult fetchNotifications(long clientSequenceNumber, int maxNotifications, long timeout)
            throws IOException {
        used();
        return super.fetchNotifications(clientSequenceNumber, maxNotifications, timeout);
    }

    @Override
    public void close() throws IOException {
        server.ended(this);
        super.close();
    }
}
