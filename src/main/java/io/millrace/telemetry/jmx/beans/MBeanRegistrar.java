// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.beans;

import io.millrace.posix.libc.BytePath;
import io.millrace.prealloc.pool.PoolState;
import io.millrace.prealloc.pool.PoolStatus;
import io.millrace.scan.job.ScanStatus;
import io.millrace.telemetry.CatalogJson;
import io.millrace.telemetry.DisplayFormat;
import io.millrace.telemetry.ServiceParts;
import io.millrace.telemetry.StatusJson;
import io.millrace.telemetry.StatusObject;
import io.millrace.units.EnumLabels;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.MBeanRegistrationException;
import javax.management.MBeanServer;
import javax.management.NotCompliantMBeanException;
import javax.management.NotificationBroadcasterSupport;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/** Registers MBeans: one for each running scan, pool, worker and source, and the five permanent ones. Any thread. */
public final class MBeanRegistrar implements JmxEvents.Receiver {
    private final MBeanServer server;
    private final ServiceParts parts;
    private final DaemonBean daemon;
    private final ScansBean scans;
    private final PreallocatorBean pools;
    private final Notifications notices = new Notifications();
    private final NotificationBroadcasterSupport ofScans = DescribedBean.emitter(Notifications.SCANS);
    private final NotificationBroadcasterSupport ofCatalog = DescribedBean.emitter(Notifications.CATALOG);
    private final Map<ObjectName, NotificationBroadcasterSupport> present = new HashMap<>();
    private long changes;

    public MBeanRegistrar(MBeanServer server, ServiceParts parts, JmxEvents events) {
        this.server = server;
        this.parts = parts;
        this.daemon = new DaemonBean(parts, events.totals());
        this.scans = new ScansBean(parts);
        this.pools = new PreallocatorBean(parts);
        register(BeanNames.DAEMON, daemon, DaemonMXBean.class, notices.ofAll());
        register(BeanNames.SCANS, scans, ScansMXBean.class, ofScans);
        register(BeanNames.PREALLOCATOR, pools, PreallocatorMXBean.class, DescribedBean.emitter());
        register(
                BeanNames.CATALOG,
                StatusAttributes.of(
                        CatalogMXBean.class,
                        () -> CatalogJson.catalog(parts.catalog().status()),
                        Map.of("acknowledge", given -> acknowledge((String) given[0]))),
                CatalogMXBean.class,
                ofCatalog);
        register(
                BeanNames.PAGE_CACHE,
                new PageCacheBean(parts, events.totals()),
                PageCacheMXBean.class,
                DescribedBean.emitter());
    }

    private <T> void register(ObjectName name, T bean, Class<T> face, NotificationBroadcasterSupport emitter) {
        try {
            var unused = server.registerMBean(new DescribedBean(bean, face, emitter), name);
        } catch (InstanceAlreadyExistsException | MBeanRegistrationException | NotCompliantMBeanException e) {
            throw new IllegalStateException(name + ": " + e.getMessage(), e);
        }
    }

    /**
     * Registers missing MBeans and unregisters obsolete ones. Statuses are read without the lock, because the objects
     * that are asked may be calling a listener at the same time.
     */
    public void refresh() {
        long seen = changes();
        while (!adopt(wanted(), seen)) {
            seen = changes();
        }
    }

    private synchronized long changes() {
        return changes;
    }

    private Map<ObjectName, Runnable> wanted() {
        var wanted = new HashMap<ObjectName, Runnable>();
        parts.pools().statuses().forEach(pool -> want(wanted, pool.spec().name(), this::addPool, "Pool"));
        parts.workers().statuses().forEach(worker -> want(wanted, worker.spec().name(), this::addWorker, "Worker"));
        parts.sources().statuses().forEach(source -> want(wanted, source.spec().name(), this::addSource, "Source"));
        parts.scans().statuses().stream()
                .filter(scan -> !scan.state().isOver())
                .forEach(scan -> wanted.put(scanName(scan.id()), () -> addScan(scan.id())));
        return wanted;
    }

    /**
     * Returns false if events added or removed MBeans since {@code seen}, so that {@code wanted} may be out of date.
     */
    private synchronized boolean adopt(Map<ObjectName, Runnable> wanted, long seen) {
        if (changes != seen) {
            return false;
        }
        Set<ObjectName> gone = new HashSet<>(present.keySet());
        gone.removeAll(wanted.keySet());
        gone.forEach(this::remove);
        wanted.values().forEach(Runnable::run);
        return true;
    }

    private static void want(Map<ObjectName, Runnable> wanted, String name, Consumer<String> add, String type) {
        wanted.put(BeanNames.keyed(type, "name", name), () -> add.accept(name));
    }

    private static ObjectName scanName(String id) {
        return BeanNames.keyed("Scan", "id", id);
    }

    private synchronized <T> NotificationBroadcasterSupport add(
            ObjectName name,
            Class<T> face,
            Supplier<StatusObject> status,
            Map<String, StatusAttributes.Operation> operations,
            Supplier<NotificationBroadcasterSupport> emitter) {
        NotificationBroadcasterSupport known = present.get(name);
        if (known != null) {
            return known;
        }
        NotificationBroadcasterSupport made = emitter.get();
        register(name, StatusAttributes.of(face, status, operations), face, made);
        present.put(name, made);
        changes++;
        return made;
    }

    private synchronized void remove(ObjectName name) {
        changes++; // also for a scan that ended before its MBean was registered
        if (present.remove(name) != null) {
            try {
                server.unregisterMBean(name);
            } catch (InstanceNotFoundException | MBeanRegistrationException e) {
                throw new IllegalStateException(name + ": " + e.getMessage(), e);
            }
        }
    }

    private static <S> S named(String kind, String name, List<S> statuses, Function<S, String> nameOf) {
        return statuses.stream()
                .filter(status -> nameOf.apply(status).equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no " + kind + " '" + name + "' any more"));
    }

    private void addScan(String id) {
        var unused = add(
                scanName(id),
                ScanMXBean.class,
                () -> StatusJson.scan(parts.scans().status(id)),
                Map.of(
                        "pause", given -> scans.pause(id),
                        "resume", given -> scans.resume(id),
                        "cancel", given -> scans.cancel(id),
                        "rate", given -> scans.rate(id, (String) given[0])),
                DescribedBean::emitter);
    }

    private NotificationBroadcasterSupport addPool(String name) {
        return add(
                BeanNames.keyed("Pool", "name", name),
                PoolMXBean.class,
                () -> StatusJson.pool(parts.pools().status(name)),
                Map.of(
                        "claim", given -> pools.claim(name, (String) given[0]),
                        "refill", given -> pools.refill(name),
                        "resize", given -> pools.resize(name, (Integer) given[0])),
                () -> DescribedBean.emitter(Notifications.POOL));
    }

    private NotificationBroadcasterSupport addWorker(String name) {
        return add(
                BeanNames.keyed("Worker", "name", name),
                WorkerMXBean.class,
                () -> StatusJson.worker(named(
                        "worker",
                        name,
                        parts.workers().statuses(),
                        status -> status.spec().name())),
                Map.of("restart", given -> daemon.restartWorker(name)),
                () -> DescribedBean.emitter(Notifications.WORKER));
    }

    private void addSource(String name) {
        var unused = add(
                BeanNames.keyed("Source", "name", name),
                SourceMXBean.class,
                () -> StatusJson.source(named(
                        "source",
                        name,
                        parts.sources().statuses(),
                        status -> status.spec().name())),
                Map.of("start", given -> scans.start(name)),
                DescribedBean::emitter);
    }

    private String acknowledge(String path) throws IOException {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("'" + path + "' is not an absolute path");
        }
        long count = parts.catalog().acknowledge(BytePath.of(path));
        if (count == 0) {
            throw new IllegalArgumentException(path + ": no alarm is there that nobody has acknowledged");
        }
        return "acknowledged " + DisplayFormat.count(count, "alarm");
    }

    @Override
    public void fileCorrupt(String message) {
        notices.send(ofCatalog, BeanNames.CATALOG, Notifications.FILE_CORRUPT, message);
    }

    @Override
    public void scanStarted(String id) {
        addScan(id);
    }

    @Override
    public void scanEnded(ScanStatus status) {
        remove(scanName(status.id()));
        String message = "scan " + status.id() + ": " + EnumLabels.of(status.state()) + ", "
                + DisplayFormat.count(status.files(), "file") + ", " + status.failed() + " failed"
                + status.error().map(why -> "; " + why).orElse("");
        notices.send(ofScans, BeanNames.SCANS, Notifications.SCAN_FINISHED, message);
    }

    @Override
    public void poolChanged(PoolStatus status, @Nullable PoolState before) {
        String name = status.spec().name();
        var emitter = addPool(name);
        boolean starved = status.state() == PoolState.STARVED;
        if (starved && before != PoolState.STARVED) {
            String why = "pool " + name + " is starved: " + status.reason().orElse("no space");
            notices.send(emitter, BeanNames.keyed("Pool", "name", name), Notifications.POOL_STARVED, why);
        } else if (!starved && before == PoolState.STARVED) {
            String how = "pool " + name + " has space again, " + status.ready() + " files are ready";
            notices.send(emitter, BeanNames.keyed("Pool", "name", name), Notifications.POOL_RECOVERED, how);
        }
    }

    @Override
    public void workerRestarts(String name, String reason) {
        worker(name, Notifications.WORKER_RESTARTED, "worker " + name + ": restarting: " + reason);
    }

    @Override
    public void workerQuarantined(String name, String reason) {
        worker(name, Notifications.WORKER_QUARANTINED, "worker " + name + ": quarantined: " + reason);
    }

    private void worker(String name, String type, String message) {
        notices.send(addWorker(name), BeanNames.keyed("Worker", "name", name), type, message);
    }
}
