// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import javax.management.MBeanServer;
import org.jspecify.annotations.Nullable;

/** The MBean server of one session, which says that it is used at each call. */
final class SessionGate implements InvocationHandler {
    private final MBeanServer server;
    private @Nullable ClientSession session;

    SessionGate(MBeanServer server) {
        this.server = server;
    }

    /** Once the session is made, which asks for its server first, and before anybody can call it. */
    void of(ClientSession made) {
        session = made;
    }

    MBeanServer server() {
        return (MBeanServer)
                Proxy.newProxyInstance(SessionGate.class.getClassLoader(), new Class<?>[] {MBeanServer.class}, this);
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        ClientSession caller = session;
        if (caller != null) {
            caller.used();
        }
        try {
            return method.invoke(server, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
