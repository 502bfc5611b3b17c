// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import java.io.ObjectInputFilter;
import java.rmi.MarshalledObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.Vector;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.NotificationFilterSupport;
import javax.management.ObjectName;
import javax.management.relation.MBeanServerNotificationFilter;
import javax.security.auth.Subject;

/** What a client may send: the classes that the operations of JMX and of our beans take, and not one more. */
final class SerialFilter implements ObjectInputFilter {
    /** For what comes before a client is known: user and password. */
    static final String CREDENTIALS = "maxdepth=2;maxarray=4;maxbytes=8192;java.lang.String;!*";

    private static final int MOST_DEPTH = 16;
    private static final int MOST_REFERENCES = 10_000;
    private static final int LONGEST_ARRAY = 10_000;
    private static final int MOST_BYTES = 4 << 20;

    private static final Set<Class<?>> CLASSES = Set.of(
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
            Vector.class,
            MarshalledObject.class,
            ObjectName.class,
            Attribute.class,
            AttributeList.class,
            NotificationFilterSupport.class,
            MBeanServerNotificationFilter.class);

    /** Of arrays; objects of these classes are not taken, only arrays that hold none or others of the list. */
    private static final Set<Class<?>> COMPONENTS = Set.of(Object.class, Subject.class, List.class);

    @Override
    public Status checkInput(FilterInfo info) {
        if (info.depth() > MOST_DEPTH
                || info.references() > MOST_REFERENCES
                || info.arrayLength() > LONGEST_ARRAY
                || info.streamBytes() > MOST_BYTES) {
            return Status.REJECTED;
        }
        Class<?> type = info.serialClass();
        if (type == null) {
            return Status.UNDECIDED;
        }
        boolean array = type.isArray();
        while (type.isArray()) {
            type = type.getComponentType();
        }
        boolean known = CLASSES.contains(type) || (array && (type.isPrimitive() || COMPONENTS.contains(type)));
        return known ? Status.ALLOWED : Status.REJECTED;
    }
}
