// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.access;

import java.io.ObjectInputFilter;
import java.rmi.MarshalledObject;
import java.util.List;
import java.util.Set;
import java.util.Vector;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.NotificationFilterSupport;
import javax.management.relation.MBeanServerNotificationFilter;
import javax.security.auth.Subject;

/** Accepts from clients only the classes that operations of JMX and of our MXBeans take. */
final class SerialFilter implements ObjectInputFilter {
    /** For the login, before the client is authenticated: user and password. */
    static final String CREDENTIALS = "maxdepth=2;maxarray=4;maxbytes=8192;java.lang.String;!*";

    /** An array is allocated before its elements arrive. */
    private static final long ELEMENT_BYTES = 4;

    private static final SerialBounds BOUNDS = new SerialBounds(16, 10_000, 10_000, 4 << 20);

    private static final Set<Class<?>> CLASSES = Set.of(
            Vector.class,
            MarshalledObject.class,
            Attribute.class,
            AttributeList.class,
            NotificationFilterSupport.class,
            MBeanServerNotificationFilter.class);

    /**
     * Accepted as component types of arrays only; objects of these classes are refused, so their arrays can be empty or
     * hold other accepted classes.
     */
    private static final Set<Class<?>> COMPONENTS = Set.of(Object.class, Subject.class, List.class);

    private final Runnable onCall;

    /** @param onCall called when the calling thread serves a call to the object that this filter protects */
    SerialFilter(Runnable onCall) {
        this.onCall = onCall;
    }

    @Override
    public Status checkInput(FilterInfo info) {
        onCall.run();
        AcceptedSocket connection = AcceptedSocket.served();
        if (connection != null && !connection.charge(Math.max(0, info.arrayLength()) * ELEMENT_BYTES)) {
            return Status.REJECTED;
        }
        return BOUNDS.check(info, SerialFilter::isKnown);
    }

    private static boolean isKnown(Class<?> type) {
        Class<?> innermost = SerialBounds.innermost(type);
        return SerialBounds.SIMPLE.contains(innermost)
                || CLASSES.contains(innermost)
                || (type.isArray() && (innermost.isPrimitive() || COMPONENTS.contains(innermost)));
    }
}
