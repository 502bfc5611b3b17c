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

/** What one login opened: the remote object that a client calls, and its listeners, which are not many. */
final class ClientSession extends RMIConnectionImpl {
    /** Each takes some memory of the service, and none needs more than one a bean. */
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

    /** A call to this session is being served by this thread. */
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
