// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.beans;

import io.millrace.telemetry.StatusObject;
import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Implements interfaces of attributes by the JSON object that has their values: {@code getTotalBytes} returns the value
 * of {@code total_bytes}. So JMX and JSON cannot differ. Any thread.
 */
final class StatusAttributes implements InvocationHandler {
    private final Supplier<StatusObject> object;
    private final Map<String, Operation> operations;

    /** An operation of an MXBean. */
    interface Operation {
        Object call(Object[] arguments) throws IOException;
    }

    private StatusAttributes(Supplier<StatusObject> object, Map<String, Operation> operations) {
        this.object = object;
        this.operations = operations;
    }

    /** Returns the attributes of an object as it was at one moment. */
    static <T> T of(Class<T> face, StatusObject object) {
        return of(face, () -> object, Map.of());
    }

    /** Returns an MXBean. {@code object} is called for each attribute, {@code operations} are by name. */
    static <T> T of(Class<T> face, Supplier<StatusObject> object, Map<String, Operation> operations) {
        var handler = new StatusAttributes(object, operations);
        return face.cast(Proxy.newProxyInstance(face.getClassLoader(), new Class<?>[] {face}, handler));
    }

    @SuppressWarnings("unchecked") // an array of this type is what newInstance makes
    static <S, T> T[] all(Class<T> face, List<S> statuses, Function<S, StatusObject> form) {
        return statuses.stream().map(status -> of(face, form.apply(status))).toArray(count ->
                (T[]) Array.newInstance(face, count));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            return method.invoke(this, arguments);
        }
        Operation operation = operations.get(method.getName());
        if (operation != null) {
            return operation.call(arguments == null ? new Object[0] : arguments);
        }
        return convert(object.get().get(key(method)), method.getReturnType());
    }

    /** Returns {@code total_bytes} of {@code getTotalBytes}. */
    static String key(Method getter) {
        String name = getter.getName().replaceFirst("^(get|is)", "");
        return name.replaceAll("(?<=.)(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }

    private static @Nullable Object convert(@Nullable Object value, Class<?> type) {
        if (value instanceof List<?> list) {
            Class<?> component = type.getComponentType();
            return component == null || component == String.class
                    ? list.toArray(String[]::new)
                    : list.stream()
                            .map(inner -> of(component, (StatusObject) inner))
                            .toArray(count -> (Object[]) Array.newInstance(component, count));
        }
        return value instanceof StatusObject inner ? of(type, inner) : value;
    }
}
