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

/** Combines several listeners into one for any listener interface that has only {@code void} methods. */
final class ListenerMulticaster {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerMulticaster.class);

    private ListenerMulticaster() {}

    /**
     * Calls every listener in order even if one throws, so that a faulty listener neither hides the event from the
     * others nor ends the calling thread. The first exception that the method declares is rethrown after all listeners
     * were called. Any other exception is logged once for each listener and method. {@code all} may grow concurrently
     * if it is a collection that permits this.
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
                            LOG.error("{} failed (logged once)", who, why);
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
