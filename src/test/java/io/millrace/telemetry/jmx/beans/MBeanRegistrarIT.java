// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.beans;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.prealloc.pool.PoolState;
import io.millrace.scan.job.ScanState;
import io.millrace.telemetry.Samples;
import io.millrace.telemetry.StandIn;
import io.millrace.telemetry.jmx.JmxServer;
import io.millrace.telemetry.jmx.access.Credential;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.management.MBeanServerConnection;
import javax.management.MBeanServerDelegate;
import javax.management.MBeanServerNotification;
import javax.management.Notification;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which beans there are, as a client that stays connected hears of it. */
class MBeanRegistrarIT {
    @TempDir
    Path directory;

    private final StandIn service = new StandIn();
    private final BlockingQueue<Notification> heard = new LinkedBlockingQueue<>();
    private JmxServer face;
    private JMXConnector connector;
    private MBeanServerConnection beans;

    @BeforeEach
    @SuppressWarnings("BanJNDI") // as any client does; the registry is this test's own
    void open() throws Exception {
        face = service.open(directory);
        var credential = Credential.read(LinuxPosix.create(), Credential.in(BytePath.of(directory.toString())));
        var url = new JMXServiceURL("service:jmx:rmi:///jndi/rmi://127.0.0.1:" + face.port() + "/jmxrmi");
        String[] words = {credential.user(), credential.password()};
        connector = JMXConnectorFactory.connect(url, Map.of(JMXConnector.CREDENTIALS, words));
        beans = connector.getMBeanServerConnection();
        face.refresh();
    }

    @AfterEach
    void close() throws Exception {
        connector.close();
        face.close();
    }

    private void listenTo(ObjectName bean) throws Exception {
        beans.addNotificationListener(bean, (notice, handback) -> heard.add(notice), null, null);
    }

    private List<String> next(int count) throws InterruptedException {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Notification notice = heard.poll(60, TimeUnit.SECONDS);
            assertThat(notice).as("after " + words).isNotNull();
            words.add(
                    notice instanceof MBeanServerNotification of
                            ? of.getType().replaceAll(".*\\.", "") + " " + of.getMBeanName()
                            : notice.getMessage());
        }
        return words;
    }

    @Test
    void beansComeAndGoWithTheConfigurationAndClientsHearOfIt() throws Exception {
        listenTo(MBeanServerDelegate.DELEGATE_NAME);
        service.pools.clear();
        service.pools.put("log", Samples.pool("log", PoolState.READY, Optional.empty()));
        service.sources.put("media", Samples.source("media"));
        service.workers.clear();
        face.refresh();
        assertThat(next(4))
                .containsExactlyInAnyOrder(
                        "unregistered io.millrace:type=Pool,name=\"wal\"",
                        "unregistered io.millrace:type=Worker,name=\"index\"",
                        "registered io.millrace:type=Pool,name=\"log\"",
                        "registered io.millrace:type=Source,name=\"media\"");
        assertThat(beans.getAttribute(BeanNames.keyed("Pool", "name", "log"), "Name"))
                .isEqualTo("log");
        face.refresh();
        assertThat(heard).as("nothing else has changed").isEmpty();
    }

    @Test
    void whoListensGoesOnHearingAfterAReload() throws Exception {
        listenTo(BeanNames.DAEMON);
        listenTo(BeanNames.keyed("Pool", "name", "wal"));
        service.pools.put("log", Samples.pool("log", PoolState.READY, Optional.empty()));
        face.refresh();
        service.events.changed(Samples.pool("log", PoolState.STARVED, Optional.of("ENOSPC")));
        service.events.changed(Samples.pool("wal", PoolState.STARVED, Optional.of("ENOSPC")));
        assertThat(next(3))
                .containsExactlyInAnyOrder(
                        "pool log is starved: ENOSPC", "pool wal is starved: ENOSPC", "pool wal is starved: ENOSPC");
        service.events.quarantined("index", "crashed: signal 11");
        assertThat(next(1)).containsExactly("worker index: quarantined: crashed: signal 11");
    }

    @Test
    void aScanThatEndsWhileItIsListedLeavesNoBean() throws Exception {
        service.meanwhile = () -> {
            service.meanwhile = () -> {};
            var over = Samples.scan("backups-1", ScanState.FINISHED, "");
            service.scans.put("backups-1", over);
            service.events.ended(over, Optional.empty());
        };
        face.refresh();
        assertThat(beans.isRegistered(BeanNames.keyed("Scan", "id", "backups-1")))
                .isFalse();
    }

    @Test
    void aScanThatBeginsWhileTheyAreListedKeepsItsBean() throws Exception {
        listenTo(MBeanServerDelegate.DELEGATE_NAME);
        service.meanwhile = () -> {
            service.meanwhile = () -> {};
            var begun = Samples.scan("backups-2", ScanState.RUNNING, "");
            service.scans.put("backups-2", begun);
            service.events.started(begun);
        };
        face.refresh();
        assertThat(next(1)).containsExactly("registered io.millrace:type=Scan,id=\"backups-2\"");
        face.refresh();
        assertThat(heard).as("it did not go in between").isEmpty();
    }
}
