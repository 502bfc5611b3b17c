// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;

/** Makes several listeners one, whatever their interface grows to; {@code void} methods only. */
final class FanOut {
    private FanOut() {}

    /** Tells each in order; the first that throws ends it. {@code all} may grow meanwhile if it is safe for that. */
    static <L> L to(Class<L> type, List<? extends L> all) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            if (method.getDeclaringClass() == Object.class) {
                return method.invoke(all, args);
            }
            try {
                for (L listener : all) {
                    method.invoke(listener, args);
                }
                return null;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }
}
