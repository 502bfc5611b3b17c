// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx;

import io.millrace.telemetry.jmx.access.Role;
import io.millrace.telemetry.jmx.beans.BeanNames;
import io.millrace.telemetry.jmx.beans.PlatformBeans;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Set;
import javax.management.JMException;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * Wraps the private MBean server for clients of one role. Only the operations in its lists are permitted; operations
 * that create, register or unregister MBeans or load classes are refused. The platform MBeans of the JVM are read-only.
 * Any thread.
 */
public final class MBeanAccessFilter implements InvocationHandler {
    private static final Set<String> LOOKS = Set.of(
            "getAttribute",
            "getAttributes",
            "getDefaultDomain",
            "getMBeanInfo",
            "getObjectInstance",
            "isInstanceOf",
            "removeNotificationListener",
            // Clients cannot call this: the connector calls it to choose the class loader for arguments.
            "getClassLoaderFor",
            "getClassLoaderRepository");

    /** The operations whose result depends on which MBeans are registered. */
    private static final Set<String> LISTINGS =
            Set.of("queryNames", "queryMBeans", "isRegistered", "getMBeanCount", "getDomains");

    private static final Set<String> THREAD_LOOKS = Set.of(
            "dumpAllThreads",
            "findDeadlockedThreads",
            "findMonitorDeadlockedThreads",
            "getThreadAllocatedBytes",
            "getThreadCpuTime",
            "getThreadInfo",
            "getThreadUserTime");

    private final MBeanServer server;
    private final Role role;
    private final Runnable beforeListing;

    private MBeanAccessFilter(MBeanServer server, Role role, Runnable beforeListing) {
        this.server = server;
        this.role = role;
        this.beforeListing = beforeListing;
    }

    /** @param beforeListing registers and unregisters MBeans to match the current state */
    static MBeanServer before(MBeanServer server, Role role, Runnable beforeListing) {
        var gate = new MBeanAccessFilter(server, role, beforeListing);
        return (MBeanServer) Proxy.newProxyInstance(
                MBeanAccessFilter.class.getClassLoader(), new Class<?>[] {MBeanServer.class}, gate);
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        Object[] given = arguments == null ? new Object[0] : arguments;
        if (given.length > 0 && given[0] instanceof ObjectName bean && !server.isRegistered(bean)) {
            beforeListing.run(); // a client may call an MBean without listing
        }
        if (method.getDeclaringClass() != Object.class && !isAllowed(method, given)) {
            throw new SecurityException(method.getName() + describe(given) + ": not permitted");
        }
        try {
            return method.invoke(server, given);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private boolean isAllowed(Method method, Object[] given) throws JMException {
        String name = method.getName();
        if (LISTINGS.contains(name)) {
            beforeListing.run();
            return true;
        }
        return switch (name) {
            // An MBean as a listener could receive notifications that it must not see.
            case "addNotificationListener" -> !(given[1] instanceof ObjectName);
            case "setAttribute", "setAttributes" -> role == Role.READWRITE && isOurs((ObjectName) given[0]);
            case "invoke" -> mayInvoke((ObjectName) given[0], (String) given[1], (Object[]) given[2]);
            default -> LOOKS.contains(name);
        };
    }

    private static boolean isOurs(@Nullable ObjectName bean) {
        return bean != null && bean.getDomain().equals(BeanNames.DOMAIN);
    }

    private boolean mayInvoke(@Nullable ObjectName bean, String operation, Object @Nullable [] parameters)
            throws JMException {
        if (!isOurs(bean)) {
            return PlatformBeans.THREADING.equals(bean) && THREAD_LOOKS.contains(operation);
        }
        if (role == Role.READWRITE) {
            return true;
        }
        int count = parameters == null ? 0 : parameters.length;
        return Arrays.stream(server.getMBeanInfo(bean).getOperations())
                .filter(info -> info.getName().equals(operation) && info.getSignature().length == count)
                .anyMatch(info -> info.getImpact() == MBeanOperationInfo.INFO);
    }

    private static String describe(Object[] given) {
        var text = new StringBuilder();
        for (int i = 0; i < Math.min(2, given.length); i++) {
            text.append(given[i] instanceof ObjectName || given[i] instanceof String ? " " + given[i] : "");
        }
        return text.toString();
    }
}
