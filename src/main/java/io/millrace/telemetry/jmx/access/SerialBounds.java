// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.access;

import java.io.ObjectInputFilter;
import java.io.ObjectInputFilter.FilterInfo;
import java.io.ObjectInputFilter.Status;
import java.util.ArrayList;
import java.util.Set;
import java.util.function.Predicate;
import javax.management.ObjectName;

/** How deep and how big a serialized object may be before its classes count for anything. */
public record SerialBounds(int mostDepth, long mostReferences, long longestArray, long mostBytes) {
    /** What both sides send, and is nothing but a value. */
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

    /** What an {@link ObjectInputFilter} says of {@code info} if it takes the classes that {@code known} knows. */
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

    /** What an array of arrays holds in the end; a class that is no array: itself. */
    public static Class<?> innermost(Class<?> type) {
        Class<?> at = type;
        while (at.isArray()) {
            at = at.getComponentType();
        }
        return at;
    }
}
