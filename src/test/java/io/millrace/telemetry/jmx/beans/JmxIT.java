// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.beans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.prealloc.pool.PoolState;
import io.millrace.scan.job.ScanState;
import io.millrace.telemetry.ListenAddress;
import io.millrace.telemetry.Samples;
import io.millrace.telemetry.StandIn;
import io.millrace.telemetry.jmx.JmxServer;
import io.millrace.telemetry.jmx.access.JmxOptions;
import io.millrace.telemetry.jmx.client.ControlClient;
import io.millrace.telemetry.jmx.client.UnreachableException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.rmi.registry.LocateRegistry;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import javax.management.Attribute;
import javax.management.JMX;
import javax.management.MBeanFeatureInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.MBeanServerConnection;
import javax.management.MalformedObjectNameException;
import javax.management.Notification;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real connector in front of hand-made statuses, as any JMX client finds it. */
class JmxIT {
    private static final ObjectName MEMORY = name("java.lang:type=Memory");

    @TempDir
    Path directory;

    private final StandIn service = new StandIn();
    private JmxServer face;
    private JMXConnector connector;
    private MBeanServerConnection beans;

    /** What nobody but an attacker would send. */
    static final class Gadget implements Serializable {
        private static final long serialVersionUID = 1L;
        static final AtomicBoolean RAN = new AtomicBoolean();

        private void readObject(ObjectInputStream in) {
            RAN.set(true);
        }
    }

    private static ObjectName name(String text) {
        try {
            return new ObjectName(text);
        } catch (MalformedObjectNameException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void open() throws IOException {
        Path access = directory.resolve("access");
        Files.writeString(access, "# who may\nlooker readonly see me\nworker readwrite do it\n");
        Files.setPosixFilePermissions(access, PosixFilePermissions.fromString("rw-------"));
        var listen = new ListenAddress(InetAddress.getLoopbackAddress(), 0);
        face = service.open(
                new JmxOptions(listen, Optional.of(BytePath.of(access.toString())), Optional.empty()), directory);
        connector = connect("worker", "do it");
        beans = connector.getMBeanServerConnection();
    }

    @AfterEach
    void close() throws IOException {
        connector.close();
        face.close();
    }

    @SuppressWarnings("BanJNDI") // as any client does; the registry is this test's own
    private JMXConnector connect(Object... credentials) throws IOException {
        var url = new JMXServiceURL("service:jmx:rmi:///jndi/rmi://127.0.0.1:" + face.port() + "/jmxrmi");
        Object given = credentials.length == 1 ? credentials[0] : Arrays.copyOf(credentials, 2, String[].class);
        return JMXConnectorFactory.connect(url, Map.of(JMXConnector.CREDENTIALS, given));
    }

    private Set<ObjectName> ours() throws IOException {
        return beans.queryNames(name("io.millrace:*"), null);
    }

    @Test
    void namesEveryBeanAsDocumented() throws Exception {
        assertThat(ours().stream().map(ObjectName::toString).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(
                        "io.millrace:type=Daemon",
                        "io.millrace:type=Preallocator",
                        "io.millrace:type=PageCache",
                        "io.millrace:type=Scans",
                        "io.millrace:type=Catalog",
                        "io.millrace:type=Scan,id=\"backups-1\"",
                        "io.millrace:type=Pool,name=\"wal\"",
                        "io.millrace:type=Worker,name=\"index\"",
                        "io.millrace:type=Source,name=\"backups\"");
    }

    @Test
    void describesAndAnswersEverything() throws Exception {
        for (ObjectName bean : ours()) {
            var info = beans.getMBeanInfo(bean);
            assertDescribed(bean.toString(), info.getDescription());
            for (var attribute : info.getAttributes()) {
                assertDescribed(bean + " " + attribute.getName(), attribute.getDescription());
                assertThat(attribute.isWritable()).isFalse();
                beans.getAttribute(bean, attribute.getName());
            }
            for (MBeanOperationInfo operation : info.getOperations()) {
                assertDescribed(bean + " " + operation.getName(), operation.getDescription());
                assertThat(operation.getImpact()).isIn(MBeanOperationInfo.ACTION, MBeanOperationInfo.INFO);
                for (MBeanParameterInfo parameter : operation.getSignature()) {
                    assertDescribed(bean + " " + operation.getName(), parameter.getDescription());
                    assertThat(parameter.getName()).doesNotMatch("(p|arg|param)\\d+");
                }
            }
        }
    }

    private static void assertDescribed(String what, String description) {
        assertThat(description)
                .as(what)
                .matches("[A-Z].{8,}")
                .doesNotContain("exposed for management", "MXBean", MBeanFeatureInfo.class.getSimpleName());
    }

    private Object call(ObjectName bean, String operation, Object... arguments) throws Exception {
        var info = Arrays.stream(beans.getMBeanInfo(bean).getOperations())
                .filter(known -> known.getName().equals(operation))
                .findFirst()
                .orElseThrow();
        String[] signature = Arrays.stream(info.getSignature())
                .map(MBeanParameterInfo::getType)
                .toArray(String[]::new);
        return beans.invoke(bean, operation, arguments, signature);
    }

    @Test
    void everyOperationReachesTheService() throws Exception {
        var scans = BeanNames.SCANS;
        assertThat(call(scans, "start", "backups")).isEqualTo("backups-2");
        call(scans, "startPath", "/srv/a b", "crc32c, sha256", "index", "drop", "1MiB");
        assertThat(service.lastRequest.within()).as("never beyond the roots").isPresent();
        String[] none = {};
        call(scans, "startPaths", new String[] {"/srv/x"}, none, none, "neutral", "none");
        for (String operation : List.of("pause", "resume", "cancel")) {
            call(scans, operation, "backups-1");
            call(name("io.millrace:type=Scan,id=\"backups-1\""), operation);
        }
        call(scans, "rate", "backups-1", "2kB");
        call(name("io.millrace:type=Scan,id=\"backups-1\""), "rate", "none");
        assertThat(call(scans, "totalRate", "1GiB")).isEqualTo("all scans: at most 1.00 GiB/s");
        for (var pool : List.of("Preallocator", "Pool,name=\"wal\"")) {
            var bean = name("io.millrace:type=" + pool);
            Object[] which = pool.startsWith("Pool") ? new Object[0] : new Object[] {"wal"};
            call(bean, "refill", which);
            call(bean, "claim", and(which, "/srv/wal/1"));
            call(bean, "resize", and(which, 9));
        }
        call(name("io.millrace:type=Worker,name=\"index\""), "restart");
        call(name("io.millrace:type=Source,name=\"backups\""), "start");
        assertThat(call(BeanNames.DAEMON, "reload")).isEqualTo("1 pool changed");
        assertThat(call(BeanNames.DAEMON, "status")).isEqualTo(service.sentence());
        call(BeanNames.DAEMON, "restartWorker", "index");
        call(BeanNames.DAEMON, "stop");
        assertThat(service.told)
                .containsExactly(
                        "start backups",
                        "start [/srv/a b] [CRC32C, SHA256] [index] 1048576",
                        "start [/srv/x] [] [] 0",
                        "pause backups-1",
                        "pause backups-1",
                        "resume backups-1",
                        "resume backups-1",
                        "cancel backups-1",
                        "cancel backups-1",
                        "rate 2000 backups-1",
                        "rate 0 backups-1",
                        "total rate 1073741824",
                        "refill wal",
                        "claim wal /srv/wal/1",
                        "resize wal 9",
                        "refill wal",
                        "claim wal /srv/wal/1",
                        "resize wal 9",
                        "restart index",
                        "start backups",
                        "reload",
                        "restart index",
                        "stop");
    }

    private static Object[] and(Object[] first, Object last) {
        Object[] all = Arrays.copyOf(first, first.length + 1);
        all[first.length] = last;
        return all;
    }

    @Test
    void refusesWithOneLineInAnExceptionThatEveryClientKnows() {
        assertThatThrownBy(() -> call(BeanNames.SCANS, "start", "none"))
                .hasRootCauseInstanceOf(IllegalArgumentException.class)
                .hasRootCauseMessage("there is no source 'none'; there is backups");
        assertThatThrownBy(() -> call(BeanNames.SCANS, "startPath", "srv", "", "", "neutral", ""))
                .hasRootCauseMessage("'srv' is not an absolute path");
        assertThatThrownBy(() -> call(BeanNames.SCANS, "startPath", "/srv", "crc", "", "neutral", ""))
                .rootCause()
                .hasMessageStartingWith("'crc' is not one of crc32c, xxh3, ");
        assertThatThrownBy(() -> call(BeanNames.PREALLOCATOR, "claim", "wal", "/etc/passwd"))
                .rootCause()
                .hasMessage("/etc/passwd: renameat2: File exists (EEXIST)")
                .isExactlyInstanceOf(IOException.class);
    }

    @Test
    void whoMayOnlyReadReadsAndNoMore() throws Exception {
        try (var looking = connect("looker", "see me")) {
            beans = looking.getMBeanServerConnection();
            describesAndAnswersEverything();
            assertThat(call(BeanNames.DAEMON, "status")).isEqualTo(service.sentence());
            for (ObjectName bean : ours()) {
                for (MBeanOperationInfo operation : beans.getMBeanInfo(bean).getOperations()) {
                    if (operation.getImpact() != MBeanOperationInfo.INFO) {
                        Object[] arguments = new Object[operation.getSignature().length];
                        assertThatThrownBy(() -> call(bean, operation.getName(), arguments))
                                .as(bean + " " + operation.getName())
                                .isInstanceOf(SecurityException.class);
                    }
                }
            }
        }
        assertThat(service.told).isEmpty();
    }

    @Test
    void showsTheJvmAndLetsNobodyTouchIt() throws Exception {
        var threads = JMX.newMXBeanProxy(beans, PlatformBeans.THREADING, ThreadMXBean.class);
        assertThat(threads.getThreadInfo(threads.getAllThreadIds(), 5)).isNotEmpty();
        assertThat(threads.dumpAllThreads(true, true)).isNotEmpty();
        threads.findDeadlockedThreads();
        assertThat(beans.getAttribute(MEMORY, "HeapMemoryUsage")).isNotNull();
        assertThat(beans.isInstanceOf(MEMORY, "java.lang.management.MemoryMXBean"))
                .isTrue();
        assertThat(beans.queryNames(name("java.lang:type=MemoryPool,*"), null)).isNotEmpty();
        assertThat(beans.queryNames(name("com.sun.management:*"), null)).isEmpty();
        assertThat(beans.queryNames(name("java.util.logging:*"), null)).isEmpty();
        assertThatThrownBy(() -> beans.invoke(MEMORY, "gc", null, null)).isInstanceOf(SecurityException.class);
        assertThatThrownBy(() -> beans.setAttribute(MEMORY, new Attribute("Verbose", true)))
                .isInstanceOf(SecurityException.class);
    }

    @Test
    void nobodyMakesOrRemovesBeans() throws Exception {
        var own = name("io.millrace:type=Own");
        assertThatThrownBy(() -> beans.createMBean("javax.management.loading.MLet", own))
                .isInstanceOf(SecurityException.class);
        assertThatThrownBy(() -> beans.createMBean("javax.management.timer.Timer", own, null, null))
                .isInstanceOf(SecurityException.class);
        assertThatThrownBy(() -> beans.unregisterMBean(BeanNames.DAEMON)).isInstanceOf(SecurityException.class);
        assertThatThrownBy(() -> beans.addNotificationListener(BeanNames.SCANS, BeanNames.DAEMON, null, null))
                .isInstanceOf(SecurityException.class);
        assertThat(ours()).contains(BeanNames.DAEMON).doesNotContain(own);
    }

    @Test
    void aForeignClassIsRejectedBeforeItsCodeRuns() {
        assertThatThrownBy(() -> connect(new Gadget())).hasStackTraceContaining("REJECTED");
        assertThatThrownBy(() -> beans.invoke(
                        BeanNames.SCANS, "start", new Object[] {new Gadget()}, new String[] {"java.lang.String"}))
                .hasStackTraceContaining("REJECTED");
        assertThatThrownBy(() -> beans.setAttribute(MEMORY, new Attribute("Verbose", new Gadget())))
                .hasStackTraceContaining("REJECTED");
        assertThat(Gadget.RAN).isFalse();
    }

    @Test
    void nobodyChangesTheRegistry() throws Exception {
        var registry = LocateRegistry.getRegistry("127.0.0.1", face.port());
        assertThat(registry.list()).containsExactly("jmxrmi");
        assertThatThrownBy(() -> registry.unbind("jmxrmi")).hasStackTraceContaining("origin unknown");
        assertThatThrownBy(() -> registry.rebind("jmxrmi", registry.lookup("jmxrmi")))
                .hasStackTraceContaining("origin unknown");
        connect("worker", "do it").close();
    }

    @Test
    void aWrongPasswordTakesAWhile() {
        long start = System.nanoTime();
        assertThatThrownBy(() -> connect("worker", "guess")).isInstanceOf(SecurityException.class);
        assertThatThrownBy(() -> connect("nobody", "do it")).isInstanceOf(SecurityException.class);
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isGreaterThan(1500);
    }

    @Test
    void scansAndPoolsTellWhatHappensToThem() throws Exception {
        BlockingQueue<Notification> heard = new LinkedBlockingQueue<>();
        beans.addNotificationListener(BeanNames.DAEMON, (notice, handback) -> heard.add(notice), null, null);
        var begun = Samples.scan("backups-7", ScanState.RUNNING, "x");
        service.scans.put("backups-7", begun);
        service.events.started(begun);
        var bean = name("io.millrace:type=Scan,id=\"backups-7\"");
        assertThat(beans.getAttribute(bean, "State")).isEqualTo("running");
        service.scans.put("backups-7", Samples.scan("backups-7", ScanState.FINISHED, "x"));
        service.events.ended(service.scans.get("backups-7"), Optional.empty());
        assertThat(beans.isRegistered(bean)).isFalse();
        assertThat(heard.poll(60, TimeUnit.SECONDS).getMessage())
                .isEqualTo("scan backups-7: finished, 12 files, 1 failed");
        assertThat(beans.getAttribute(BeanNames.PAGE_CACHE, "ReleasedBytes")).isEqualTo(1600L);
        service.events.changed(Samples.pool(PoolState.STARVED, Optional.of("ENOSPC")));
        service.events.changed(Samples.pool(PoolState.FILLING, Optional.empty()));
        service.events.restarts("index", "it crashed");
        for (String type :
                List.of(Notifications.POOL_STARVED, Notifications.POOL_RECOVERED, Notifications.WORKER_RESTARTED)) {
            assertThat(heard.poll(60, TimeUnit.SECONDS).getType()).isEqualTo(type);
        }
    }

    @Test
    void theDocumentIsMadeOfTheAttributes() throws Exception {
        String document = (String) beans.getAttribute(BeanNames.DAEMON, "StatusJson");
        for (String type : List.of("scan", "pool", "source", "worker")) {
            for (String line : (String[]) call(BeanNames.DAEMON, "json", type)) {
                assertThat(line).startsWith("{\"type\":\"" + type + "\",");
                assertThat(document).contains("{" + line.substring(line.indexOf(',') + 1));
            }
        }
        String scan = (String) call(BeanNames.SCANS, "showJson", "backups-1");
        assertThat((String[]) call(BeanNames.DAEMON, "json", "scan")).containsExactly(scan);
        for (String attribute :
                List.of("Version", "Started", "StatusLine", "Configuration", "ResultsDirectory", "Ready")) {
            Object value = beans.getAttribute(BeanNames.DAEMON, attribute);
            assertThat(document).contains(":" + (value instanceof String ? "\"" + value + "\"" : value));
        }
        var problems = (CompositeData[]) beans.getAttribute(BeanNames.DAEMON, "Problems");
        assertThat(problems).hasSize(1);
        assertThat(problems[0].get("text")).isEqualTo("source backups is failing: 2 files failed");
        assertThatThrownBy(() -> call(BeanNames.DAEMON, "json", "none"))
                .hasRootCauseMessage("'none' is not a type; one of status, scan, pool, source, worker, catalog");
    }

    @Test
    void putsNoCredentialWhereAnybodyCouldReplaceIt() throws Exception {
        Path open = Files.createDirectory(directory.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> service.open(open))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(open + ": everybody can write to this directory (mode 0777)");
        assertThat(open).isEmptyDirectory();
    }

    @Test
    void theCredentialLetsTheControlClientInAndGoesWithTheService() throws Exception {
        Path file = directory.resolve("jmx.credential");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (var client = ControlClient.connect(LinuxPosix.create(), BytePath.of(file.toString()))) {
            assertThat(client.daemon().getStatusLine()).isEqualTo(service.sentence());
            assertThat(client.scans().getScans()[0].getReading()).hasSize(1);
            assertThat(client.preallocator().getPools()[0].getForeignFileExamples())
                    .containsExactly("notes.txt: not ours");
            assertThat(client.daemon().getSources()[0].getSchedule()).isEqualTo("every 1d");
            connector.close();
            face.close();
            assertThat(file).doesNotExist();
            assertThatThrownBy(() -> client.ask(asked -> asked.daemon().getStatusLine()))
                    .isInstanceOf(UnreachableException.class);
        }
        face = service.open(directory);
    }
}
