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
 * The private MBean server as one role sees it: what is not named here is refused, above all whatever makes, registers
 * or removes beans or loads classes. The JVM's own beans can be looked at only.
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
            // Not within a client's reach: the connector asks in whose class loader it reads arguments.
            "getClassLoaderFor",
            "getClassLoaderRepository");

    /** Whose answer tells which beans there are. */
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

    /** {@code beforeListing}: brings the beans up to date. */
    static MBeanServer before(MBeanServer server, Role role, Runnable beforeListing) {
        var gate = new MBeanAccessFilter(server, role, beforeListing);
        return (MBeanServer) Proxy.newProxyInstance(
                MBeanAccessFilter.class.getClassLoader(), new Class<?>[] {MBeanServer.class}, gate);
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        Object[] given = arguments == null ? new Object[0] : arguments;
        if (given.length > 0 && given[0] instanceof ObjectName bean && !server.isRegistered(bean)) {
            beforeListing.run(); // a client need not list beans before it asks one
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
            // A bean as a listener could be made to hear what it should not.
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
