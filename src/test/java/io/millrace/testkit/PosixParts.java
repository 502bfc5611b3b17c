// SPDX-License-Identifier: Apache-2.0
package io.millrace.testkit;

import io.millrace.posix.Posix;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/** System calls of which a test replaces one interface. */
public final class PosixParts {
    private PosixParts() {}

    /** As {@code real}, with {@code other} in the place of its {@code calls}. */
    public static <T> Posix replace(Posix real, Class<T> calls, T other) {
        RecordComponent[] parts = Posix.class.getRecordComponents();
        Class<?>[] types = new Class<?>[parts.length];
        Object[] values = new Object[parts.length];
        for (int i = 0; i < parts.length; i++) {
            types[i] = parts[i].getType();
            values[i] = types[i] == calls ? other : value(parts[i], real);
        }
        if (!Arrays.asList(types).contains(calls)) {
            throw new IllegalArgumentException(calls + " is no part of " + Posix.class);
        }
        try {
            return Posix.class.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e); // the constructor of a record is as public as the record
        }
    }

    private static Object value(RecordComponent part, Posix real) {
        try {
            return part.getAccessor().invoke(real);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
