// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.beans;

import io.millrace.telemetry.Description;
import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanException;
import javax.management.MBeanInfo;
import javax.management.MBeanNotificationInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.NotificationBroadcasterSupport;
import javax.management.ReflectionException;
import javax.management.RuntimeMBeanException;
import javax.management.StandardEmitterMBean;
import org.jspecify.annotations.Nullable;

/**
 * An MXBean with the descriptions of its interface: {@link Description}, {@link ReadOnlyOperation} and the names of
 * parameters. An exception of an operation reaches the client as a JDK exception with the same message, because a
 * client need not have our classes.
 */
final class DescribedBean extends StandardEmitterMBean {
    <T> DescribedBean(T bean, Class<T> face, NotificationBroadcasterSupport emitter) {
        super(bean, face, true, emitter);
        cacheMBeanInfo(null); // created again, because all fields are initialized now
    }

    static NotificationBroadcasterSupport emitter(MBeanNotificationInfo... infos) {
        return new NotificationBroadcasterSupport(infos);
    }

    @Override
    protected String getDescription(MBeanInfo info) {
        return describe(getMBeanInterface(), info.getDescription());
    }

    @Override
    protected String getDescription(MBeanAttributeInfo info) {
        Method getter = method((info.isIs() ? "is" : "get") + info.getName(), 0);
        return describe(getter, info.getDescription());
    }

    @Override
    protected String getDescription(MBeanOperationInfo info) {
        return describe(operation(info), info.getDescription());
    }

    @Override
    protected String getDescription(MBeanOperationInfo info, MBeanParameterInfo parameter, int sequence) {
        return describe(parameter(info, sequence), parameter.getDescription());
    }

    @Override
    protected String getParameterName(MBeanOperationInfo info, MBeanParameterInfo parameter, int sequence) {
        Parameter own = parameter(info, sequence);
        return own == null ? parameter.getName() : own.getName();
    }

    @Override
    protected int getImpact(MBeanOperationInfo info) {
        Method operation = operation(info);
        boolean reads = operation != null && operation.isAnnotationPresent(ReadOnlyOperation.class);
        return reads ? MBeanOperationInfo.INFO : MBeanOperationInfo.ACTION;
    }

    private static String describe(@Nullable AnnotatedElement element, String otherwise) {
        var description = element == null ? null : element.getAnnotation(Description.class);
        return description == null ? otherwise : description.value();
    }

    private @Nullable Parameter parameter(MBeanOperationInfo info, int sequence) {
        Method operation = operation(info);
        return operation == null ? null : operation.getParameters()[sequence];
    }

    private @Nullable Method operation(MBeanOperationInfo info) {
        return method(info.getName(), info.getSignature().length);
    }

    private @Nullable Method method(String name, int parameters) {
        return Arrays.stream(getMBeanInterface().getMethods())
                .filter(method -> method.getName().equals(name) && method.getParameterCount() == parameters)
                .findFirst()
                .orElse(null);
    }

    @Override
    public @Nullable Object invoke(String name, Object[] parameters, String[] signature)
            throws MBeanException, ReflectionException {
        requireAll(name, parameters == null ? new Object[0] : parameters); // JMX allows null for no parameters
        try {
            return super.invoke(name, parameters, signature);
        } catch (MBeanException e) {
            String why = String.valueOf(e.getTargetException().getMessage());
            throw new MBeanException(new IOException(why), why); // twice: some clients show only the outer message
        } catch (RuntimeMBeanException e) {
            throw new RuntimeMBeanException(plain(e.getTargetException()));
        }
    }

    /** Refuses null arguments and arrays that contain null, which no operation accepts. */
    private void requireAll(String name, Object[] parameters) {
        Method operation = method(name, parameters.length);
        for (int i = 0; operation != null && i < parameters.length; i++) {
            Object value = parameters[i];
            String parameter = operation.getParameters()[i].getName();
            if (value == null) {
                throw missing(parameter + " is missing");
            }
            int at = value instanceof Object[] array ? Arrays.asList(array).indexOf(null) : -1;
            if (at >= 0) {
                throw missing(parameter + "[" + at + "] is missing");
            }
        }
    }

    private static RuntimeMBeanException missing(String what) {
        return new RuntimeMBeanException(new IllegalArgumentException(what + " (null)"));
    }

    private static RuntimeException plain(RuntimeException e) {
        if (e.getClass() == IllegalArgumentException.class || e instanceof NumberFormatException) {
            return new IllegalArgumentException(e.getMessage());
        }
        return new IllegalStateException(e instanceof IllegalStateException ? e.getMessage() : e.toString());
    }
}
