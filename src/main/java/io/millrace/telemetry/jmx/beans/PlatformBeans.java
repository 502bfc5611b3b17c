// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.beans;

import io.millrace.telemetry.jmx.MBeanAccessFilter;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.PlatformManagedObject;
import java.util.ArrayList;
import java.util.List;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * The platform MBeans of the JVM that monitoring needs: memory, threads, garbage collectors, classes and the runtime.
 * Those with side effects (diagnostic commands, heap dumps, logging levels) are omitted, and {@link MBeanAccessFilter}
 * makes the others read-only.
 */
public final class PlatformBeans {
    public static final ObjectName THREADING =
            ManagementFactory.getThreadMXBean().getObjectName();

    private final MBeanServer server;
    private boolean registered;

    public PlatformBeans(MBeanServer server) {
        this.server = server;
    }

    /** Registers them once; called when the first client connects, because it takes time and memory. */
    public synchronized void register() {
        if (registered) {
            return;
        }
        registered = true;
        List<PlatformManagedObject> beans = new ArrayList<>();
        beans.add(ManagementFactory.getClassLoadingMXBean());
        beans.add(ManagementFactory.getCompilationMXBean());
        beans.add(ManagementFactory.getMemoryMXBean());
        beans.add(ManagementFactory.getOperatingSystemMXBean());
        beans.add(ManagementFactory.getRuntimeMXBean());
        beans.add(ManagementFactory.getThreadMXBean());
        beans.addAll(ManagementFactory.getGarbageCollectorMXBeans());
        beans.addAll(ManagementFactory.getMemoryManagerMXBeans());
        beans.addAll(ManagementFactory.getMemoryPoolMXBeans());
        beans.addAll(ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class));
        beans.forEach(this::register);
    }

    private void register(PlatformManagedObject bean) {
        try {
            if (!server.isRegistered(bean.getObjectName())) { // garbage collectors are memory managers too
                var unused = server.registerMBean(bean, bean.getObjectName());
            }
        } catch (InstanceAlreadyExistsException e) {
            throw new IllegalStateException("registered by other code: " + bean.getObjectName(), e);
        } catch (JMException e) {
            throw new IllegalStateException(bean.getObjectName() + ": " + e.getMessage(), e);
        }
    }
}
