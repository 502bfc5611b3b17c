// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.daemon.config.PatientChecks;
import io.millrace.lifecycle.ServiceSignals;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole service whose configuration changes under a client that stays connected. */
class ReloadedBeansIT {
    private static final String[] STRING = {"java.lang.String"};

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void configure() throws IOException {
        for (String name : new String[] {"one", "two", "data", "more"}) {
            Files.createDirectory(directory.resolve(name));
        }
        Files.writeString(directory.resolve("data/file"), "some bytes");
        file = directory.resolve("millrace.yaml");
        configure("one", "data");
    }

    private void configure(String name, String root) throws IOException {
        Files.writeString(file, """
                state-directory: state
                runtime-directory: run
                http: {listen: "off"}
                jmx: {listen: "127.0.0.1:0"}
                roots: [%2$s]
                pools:
                  pool-%1$s: {directory: %1$s, file-size: 64KiB, ready: 2}
                workers:
                  worker-%1$s: {command: [cat]}
                sources:
                  source-%1$s: {paths: [data], digests: [crc32c]}
                """.formatted(name, root));
    }

    private Service start() throws IOException {
        BytePath path = BytePath.of(file.toString());
        Posix posix = LinuxPosix.create();
        return Service.start(posix, path, PatientChecks.read(posix, path), new ServiceSignals(), "0.1.0");
    }

    @SuppressWarnings("BanJNDI") // as any client does; the registry is the service's own
    private JMXConnector connect() throws IOException {
        Map<String, String> words = Files.readAllLines(directory.resolve("run/jmx.credential")).stream()
                .map(line -> line.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        var url = new JMXServiceURL(
                "service:jmx:rmi:///jndi/rmi://" + words.get("host") + ":" + words.get("port") + "/jmxrmi");
        String[] credentials = {words.get("user"), words.get("password")};
        return JMXConnectorFactory.connect(url, Map.of(JMXConnector.CREDENTIALS, credentials));
    }

    private static Set<String> keyed(MBeanServerConnection beans) throws Exception {
        return beans.queryNames(new ObjectName("io.millrace:name=*,*"), null).stream()
                .map(name -> name.getKeyProperty("type") + " " + ObjectName.unquote(name.getKeyProperty("name")))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void beansRootsAndNotificationsFollowTheConfiguration() throws Exception {
        var daemon = new ObjectName("io.millrace:type=Daemon");
        var preallocator = new ObjectName("io.millrace:type=Preallocator");
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        try (var service = start();
                var connector = connect()) {
            var beans = connector.getMBeanServerConnection();
            assertThat(keyed(beans)).containsExactly("Pool pool-one", "Source source-one", "Worker worker-one");
            beans.addNotificationListener(daemon, (notice, handback) -> heard.add(notice.getType()), null, null);
            configure("two", "more");
            assertThat(service.reload()).isNotBlank();
            assertThat(keyed(beans)).containsExactly("Pool pool-two", "Source source-two", "Worker worker-two");
            var scans = new ObjectName("io.millrace:type=Scans");
            assertThat(beans.invoke(scans, "start", new Object[] {"source-two"}, STRING))
                    .asString()
                    .startsWith("source-two");
            assertThat(heard.poll(60, TimeUnit.SECONDS)).isEqualTo("io.millrace.scan.finished");
            String[] both = {STRING[0], STRING[0]};
            Object[] allowed = {directory + "/more/new", "64KiB"};
            Object[] forbidden = {directory + "/data/new", "64KiB"};
            assertThat(beans.invoke(preallocator, "allocate", allowed, both))
                    .asString()
                    .contains("64.0 KiB reserved");
            assertThatThrownBy(() -> beans.invoke(preallocator, "allocate", forbidden, both))
                    .rootCause()
                    .hasMessageStartingWith(directory + "/data/new: is not below a configured root: ");
            configure("three", "none"); // neither directory is there
            assertThatThrownBy(() -> beans.invoke(daemon, "reload", null, null))
                    .rootCause()
                    .hasMessageContaining("three");
            assertThat(keyed(beans)).contains("Pool pool-two");
        }
        assertThat(directory.resolve("run/jmx.credential")).doesNotExist();
    }

    @Test
    void theTotalRateStaysUntilTheFileNamesAnother() throws Exception {
        var scans = new ObjectName("io.millrace:type=Scans");
        String attribute = "TotalRateBytesPerSecond";
        Files.writeString(file, Files.readString(file) + "limits: {rate: 7MiB/s}\n");
        try (var service = start();
                var connector = connect()) {
            var beans = connector.getMBeanServerConnection();
            assertThat(beans.getAttribute(scans, attribute)).isEqualTo(7L << 20);
            assertThat(beans.invoke(scans, "totalRate", new Object[] {"3MiB"}, STRING))
                    .isEqualTo("all scans: at most 3.00 MiB/s");
            assertThat(service.reload()).isEqualTo("no changes");
            assertThat(beans.getAttribute(scans, attribute)).isEqualTo(3L << 20);
            Files.writeString(file, Files.readString(file).replace("7MiB", "5MiB"));
            assertThat(service.reload()).contains("total scan rate changed");
            assertThat(beans.getAttribute(scans, attribute)).isEqualTo(5L << 20);
        }
    }

    @Test
    void noReloadBeginsOnceTheServiceIsClosed() throws Exception {
        var service = start();
        service.close();
        assertThatThrownBy(service::reload)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the service is stopping");
        assertThat(directory.resolve("run/jmx.credential")).doesNotExist();
    }

    @Test
    void requestsNameConfiguredThingsOnly() throws Exception {
        var scans = new ObjectName("io.millrace:type=Scans");
        String[] five = {STRING[0], STRING[0], STRING[0], STRING[0], STRING[0]};
        try (var service = start();
                var connector = connect()) {
            assertThat(service.version()).isEqualTo("0.1.0");
            var beans = connector.getMBeanServerConnection();
            for (String worker : new String[] {"worker-two", "cat", "/bin/cat", "touch " + directory + "/proof"}) {
                Object[] words = {directory + "/data", "", worker, "neutral", "none"};
                assertThatThrownBy(() -> beans.invoke(scans, "startPath", words, five))
                        .as(worker)
                        .rootCause()
                        .hasMessageStartingWith("there is no worker '" + worker + "'; there ");
            }
            assertThat(directory.resolve("proof")).doesNotExist();
            for (String operation : new String[] {"start", "show", "pause", "cancel"}) {
                assertThatThrownBy(() -> beans.invoke(scans, operation, new Object[] {"nothing"}, STRING))
                        .rootCause()
                        .message()
                        .hasLineCount(1)
                        .contains("nothing");
            }
        }
    }
}
