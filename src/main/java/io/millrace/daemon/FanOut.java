// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;

/** Makes several listeners one, whatever their interface grows to; {@code void} methods only. */
final class FanOut {
    private FanOut() {}

    /**
     * Tells each in order, also after one has thrown: what comes of a fault of one is not to be missed by others. Throws
     * the first fault afterwards. {@code all} may grow meanwhile if it is safe for that.
     */
    static <L> L to(Class<L> type, List<? extends L> all) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            if (method.getDeclaringClass() == Object.class) {
                return method.invoke(all, args);
            }
            Throwable first = null;
            for (L listener : all) {
                try {
                    method.invoke(listener, args);
                } catch (InvocationTargetException e) {
                    first = first == null ? e.getCause() : first;
                }
            }
            if (first != null) {
                throw first;
            }
            return null;
        }));
    }
}
