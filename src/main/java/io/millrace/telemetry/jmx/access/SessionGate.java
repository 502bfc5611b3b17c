// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.access;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.management.MBeanServer;
import org.jspecify.annotations.Nullable;

/**
 * The MBean server of one session; it marks the session as used at each call. Readonly users together may have
 * {@link #MAX_CALLS} concurrent calls, because a response (the stacks of all threads) may occupy a megabyte until it is
 * sent.
 */
final class SessionGate implements InvocationHandler {
    static final int MAX_CALLS = 8;
    private static final long PATIENCE_SECONDS = 5;

    private final @Nullable Semaphore permits;
    private final MBeanServer server;
    private @Nullable ClientSession session;

    /** @param permits each call takes one; null: limited only by the number of connections */
    SessionGate(MBeanServer server, @Nullable Semaphore permits) {
        this.server = server;
        this.permits = permits;
    }

    /**
     * Must be called after the session is created, which needs its MBean server first, and before a client can call it.
     */
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
            awaitPermit();
        }
        try {
            return method.invoke(server, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private void awaitPermit() throws InterruptedException {
        AcceptedSocket connection = AcceptedSocket.served();
        if (permits != null && connection != null) {
            connection.giveBack(); // a request may make several calls
            if (!permits.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(
                        MAX_CALLS + " calls of users who may only read are under way; try again");
            }
            connection.keepUntilAnswered(permits);
        }
    }
}
