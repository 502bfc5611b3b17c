// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes several listeners one, whatever their interface grows to; {@code void} methods only. */
final class ListenerMulticaster {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerMulticaster.class);

    private ListenerMulticaster() {}

    /**
     * Tells each in order, also after one has thrown: what comes of a fault of one is not to be missed by others, and not
     * to end the thread that tells. An exception that the method declares is an answer and thrown afterwards, the first
     * of them; any other is logged, once for each listener and method. {@code all} may grow meanwhile if it is safe for
     * that.
     */
    static <L> L to(Class<L> type, List<? extends L> all) {
        Set<String> faulty = ConcurrentHashMap.newKeySet();
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            if (method.getDeclaringClass() == Object.class) {
                return method.invoke(all, args);
            }
            Throwable first = null;
            for (L listener : all) {
                try {
                    method.invoke(listener, args);
                } catch (InvocationTargetException e) {
                    Throwable why = e.getTargetException();
                    if (!isDeclared(method, why)) {
                        String who = listener.getClass().getName() + "." + method.getName();
                        if (faulty.add(who)) {
                            LOG.error("{} failed, which is told once", who, why);
                        }
                    } else if (first == null) {
                        first = why;
                    }
                }
            }
            if (first != null) {
                throw first;
            }
            return null;
        }));
    }

    private static boolean isDeclared(Method method, Throwable thrown) {
        return Arrays.stream(method.getExceptionTypes()).anyMatch(type -> type.isInstance(thrown));
    }
}
