// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.client;

import io.millrace.telemetry.jmx.access.LoopbackSockets;
import io.millrace.telemetry.jmx.access.SerialBounds;
import java.io.ObjectInputFilter;
import java.rmi.Remote;
import java.rmi.dgc.Lease;
import java.rmi.dgc.VMID;
import java.rmi.server.RMIClientSocketFactory;
import java.rmi.server.RemoteObject;
import java.rmi.server.RemoteObjectInvocationHandler;
import java.rmi.server.RemoteServer;
import java.rmi.server.RemoteStub;
import java.rmi.server.UID;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.management.BadAttributeValueExpException;
import javax.management.openmbean.ArrayType;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.CompositeDataSupport;
import javax.management.openmbean.CompositeType;
import javax.management.openmbean.OpenType;
import javax.management.openmbean.SimpleType;
import javax.management.openmbean.TabularDataSupport;
import javax.management.openmbean.TabularType;
import javax.management.remote.rmi.RMIConnection;
import javax.management.remote.rmi.RMIConnectionImpl_Stub;
import javax.management.remote.rmi.RMIServer;
import javax.management.remote.rmi.RMIServerImpl_Stub;

/**
 * Limits what a client deserializes from the peer on the service's port, which after a crash may be another process:
 * stubs, open data, and JDK exceptions that carry a line of text. RMI has no filter for a single client connection, so
 * this one applies to the whole JVM.
 */
final class ResponseFilter implements ObjectInputFilter {
    private static final SerialBounds BOUNDS = new SerialBounds(32, 200_000, 20_000, AnswerSockets.MAX_ANSWER_BYTES);

    private static final Class<?> UNMODIFIABLE =
            Collections.unmodifiableList(List.of()).getClass();

    private static final Set<Class<?>> STUBS = Set.of(
            Remote.class,
            RMIServer.class,
            RMIConnection.class,
            RMIServerImpl_Stub.class,
            RMIConnectionImpl_Stub.class,
            RemoteObject.class,
            RemoteServer.class,
            RemoteStub.class,
            RemoteObjectInvocationHandler.class,
            LoopbackSockets.class,
            RMIClientSocketFactory.class,
            UID.class,
            VMID.class,
            Lease.class);

    private static final Set<Class<?>> DATA = Set.of(
            Object.class,
            HashMap.class,
            TreeMap.class,
            Collections.emptyList().getClass(),
            List.class,
            ArrayType.class,
            CompositeData.class,
            CompositeDataSupport.class,
            CompositeType.class,
            OpenType.class,
            SimpleType.class,
            StackTraceElement.class);

    /** What a map of the MXBeans becomes; the classes of lists that {@link Collections} and {@link Arrays} return. */
    private static final Set<Class<?>> TABLES = Set.of(
            TabularDataSupport.class,
            TabularType.class,
            LinkedHashMap.class,
            Map.Entry.class,
            Arrays.asList().getClass(),
            UNMODIFIABLE,
            UNMODIFIABLE.getSuperclass(),
            UNMODIFIABLE.getSuperclass().getSuperclass());

    private static final Set<String> OF_EXCEPTIONS =
            Set.of("java.lang", "java.io", "java.net", "java.rmi", "java.rmi.server", "javax.management");

    @Override
    public Status checkInput(FilterInfo info) {
        return BOUNDS.check(info, ResponseFilter::isKnown);
    }

    private static boolean isKnown(Class<?> type) {
        Class<?> innermost = SerialBounds.innermost(type);
        return innermost.isPrimitive()
                || SerialBounds.SIMPLE.contains(innermost)
                || STUBS.contains(innermost)
                || DATA.contains(innermost)
                || TABLES.contains(innermost)
                || isPlainException(innermost);
    }

    /**
     * Excludes {@link BadAttributeValueExpException}, which converts its value to text by calling that object's own
     * code.
     */
    private static boolean isPlainException(Class<?> type) {
        return Throwable.class.isAssignableFrom(type)
                && type != BadAttributeValueExpException.class
                && OF_EXCEPTIONS.contains(type.getPackageName());
    }
}
