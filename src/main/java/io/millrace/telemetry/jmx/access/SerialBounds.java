// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.access;

import java.io.ObjectInputFilter.FilterInfo;
import java.io.ObjectInputFilter.Status;
import java.io.ObjectInputFilter;
import java.util.ArrayList;
import java.util.Set;
import java.util.function.Predicate;
import javax.management.ObjectName;

/** Bounds the depth and size of serialized objects, independently of their classes. */
public record SerialBounds(int mostDepth, long mostReferences, long longestArray, long mostBytes) {
    /** Classes of plain values that both sides send. */
    public static final Set<Class<?>> SIMPLE = Set.of(
            String.class,
            Number.class,
            Boolean.class,
            Byte.class,
            Character.class,
            Short.class,
            Integer.class,
            Long.class,
            Float.class,
            Double.class,
            ArrayList.class,
            ObjectName.class);

    /**
     * Returns the decision of an {@link ObjectInputFilter} on {@code info} that accepts the classes in {@code known}.
     */
    public Status check(FilterInfo info, Predicate<Class<?>> known) {
        if (info.depth() > mostDepth
                || info.references() > mostReferences
                || info.arrayLength() > longestArray
                || info.streamBytes() > mostBytes) {
            return Status.REJECTED;
        }
        Class<?> type = info.serialClass();
        if (type == null) {
            return Status.UNDECIDED;
        }
        return known.test(type) ? Status.ALLOWED : Status.REJECTED;
    }

    /**
     * Returns the innermost component type of an array of arrays; a class that is not an array is returned unchanged.
     */
    public static Class<?> innermost(Class<?> type) {
        Class<?> at = type;
        while (at.isArray()) {
            at = at.getComponentType();
        }
        return at;
    }
}
