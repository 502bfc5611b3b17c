// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.prealloc.AllocationListener;
import io.millrace.telemetry.StandIn;
import io.millrace.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.management.MBeanOperationInfo;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** jmxterm, as an operator without anything of ours uses it, with what the credential file says. */
class JmxtermIT {
    @TempDir
    Path directory;

    private final StandIn service = new StandIn();

    /** A call of an operation, and what comes back. */
    private record Step(String bean, String call, String answer) {
        String operation() {
            return bean.replaceAll(",.*", "") + " " + call.replaceAll(" .*", "");
        }
    }

    private static List<Step> everything(Path root) {
        String file = root + "/new";
        return List.of(
                new Step("Daemon", "status", "1 scan at 200 MiB/s, 1 pool filling"),
                new Step("Daemon", "json pool", "(?s).*\"type\":\"pool\".*"),
                new Step("Daemon", "reload", "1 pool changed"),
                new Step("Daemon", "restartWorker index", "worker index: its processes are being replaced"),
                new Step(
                        "Preallocator",
                        "allocate " + file + " 1MiB",
                        file + ": 1.00 MiB reserved, native, \\d+ extents?.*"),
                new Step("Preallocator", "claim wal /srv/wal/1", "/srv/wal/1"),
                new Step("Preallocator", "refill wal", "pool wal: being filled"),
                new Step("Preallocator", "resize wal 9", "pool wal: keeps 9 files"),
                new Step("PageCache", "warm " + file, file + ": .* of 1.00 MiB resident"),
                new Step("PageCache", "status " + root, root + ": 1 file, .* of 1.00 MiB resident"),
                new Step("PageCache", "evict " + file, file + ": .* of 1.00 MiB resident"),
                new Step("Scans", "start backups", "backups-2"),
                new Step("Scans", "startPath " + root + "/a crc32c,sha256 index drop 1MiB", "request-1"),
                new Step(
                        "Scans",
                        "startPaths {\"" + root + "/a\",\"" + root + "/b\"} {md5} {} neutral none",
                        "request-1"),
                new Step("Scans", "show backups-1", "(?s)\\{.*state = running;.*\\}"),
                new Step("Scans", "showJson backups-1", "(?s)\\{\"type\":\"scan\",.*\"state\":\"running\".*\\}"),
                new Step("Scans", "pause backups-1", "scan backups-1: paused"),
                new Step("Scans", "resume backups-1", "scan backups-1: resumed"),
                new Step("Scans", "rate backups-1 5MiB", "scan backups-1: at most 5.00 MiB/s"),
                new Step("Scans", "cancel backups-1", "scan backups-1: cancel requested"),
                new Step("Scans", "totalRate none", "all scans: no limit"),
                new Step("Scan,id=\"backups-1\"", "pause", "scan backups-1: paused"),
                new Step("Scan,id=\"backups-1\"", "resume", "scan backups-1: resumed"),
                new Step("Scan,id=\"backups-1\"", "rate 1kB", "scan backups-1: at most 1000 B/s"),
                new Step("Scan,id=\"backups-1\"", "cancel", "scan backups-1: cancel requested"),
                new Step("Pool,name=\"wal\"", "claim /srv/wal/2", "/srv/wal/2"),
                new Step("Pool,name=\"wal\"", "refill", "pool wal: being filled"),
                new Step("Pool,name=\"wal\"", "resize 8", "pool wal: keeps 8 files"),
                new Step("Worker,name=\"index\"", "restart", "worker index: its processes are being replaced"),
                new Step("Source,name=\"backups\"", "start", "backups-2"),
                new Step("Catalog", "acknowledge /srv/a", "acknowledged 1 alarm"),
                new Step("Daemon", "stop", "the service is stopping"));
    }

    private Credential credential() throws IOException {
        return Credential.read(LinuxPosix.create(), Credential.in(BytePath.of(directory.toString())));
    }

    /** What it says to a script, line after line. */
    private String jmxterm(String verbosity, List<String> commands) throws Exception {
        var credential = credential();
        List<String> lines = new ArrayList<>(List.of("open " + credential.host() + ":" + credential.port() + " -u "
                + credential.user() + " -p " + credential.password()));
        lines.addAll(commands);
        Path script = Files.createFile(
                directory.resolve("script"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(script, lines);
        String program = System.getProperty("millrace.jmxterm");
        assertThat(program).as("where the build has put it").isNotNull();
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String said =
                Command.run(java, "-XX:TieredStopAtLevel=1", "-jar", program, "-n", "-v", verbosity, "-i", script);
        Files.delete(script);
        return said;
    }

    @SuppressWarnings("BanJNDI") // as any client does; the registry is this test's own
    private Set<String> operations() throws Exception {
        var credential = credential();
        var url = new JMXServiceURL(
                "service:jmx:rmi:///jndi/rmi://" + credential.host() + ":" + credential.port() + "/jmxrmi");
        String[] words = {credential.user(), credential.password()};
        Set<String> operations = new HashSet<>();
        try (var connector = JMXConnectorFactory.connect(url, Map.of(JMXConnector.CREDENTIALS, words))) {
            var beans = connector.getMBeanServerConnection();
            for (ObjectName bean : beans.queryNames(new ObjectName("io.millrace:*"), null)) {
                for (MBeanOperationInfo operation : beans.getMBeanInfo(bean).getOperations()) {
                    operations.add(bean.getKeyProperty("type") + " " + operation.getName());
                }
            }
        }
        return operations;
    }

    @Test
    void doesEveryOperationOfEveryBean() throws Exception {
        Path root = Files.createDirectory(directory.resolve("root"));
        List<Step> steps = everything(root);
        try (var face = service.below(root, AllocationListener.NONE).open(directory)) {
            assertThat(steps.stream().map(Step::operation))
                    .as("nothing is left out")
                    .hasSameElementsAs(operations());
            List<String> script = new ArrayList<>();
            for (Step step : steps) {
                script.add("bean io.millrace:type=" + step.bean());
                script.add("run " + step.call());
            }
            String said = jmxterm("silent", script);
            String[] answers = said.split("\n(?! |\\}|$)", -1);
            assertThat(answers).as(said).hasSameSizeAs(steps);
            for (int i = 0; i < answers.length; i++) {
                assertThat(answers[i].strip())
                        .as(steps.get(i).call())
                        .matches(steps.get(i).answer());
            }
            assertThat(service.told)
                    .contains(
                            "start [" + root + "/a, " + root + "/b] [MD5] [] 0",
                            "start [" + root + "/a] [CRC32C, SHA256] [index] 1048576");
            assertThat(face.port()).isPositive();
        }
    }

    @Test
    void seesNamesAndDescriptionsAndIsRefusedInOneLine() throws Exception {
        Path root = Files.createDirectory(directory.resolve("root"));
        try (var face = service.below(root, AllocationListener.NONE).open(directory)) {
            assertThat(face.port()).isPositive();
            String said = jmxterm(
                    "brief",
                    List.of(
                            "bean io.millrace:type=Preallocator",
                            "info -o allocate",
                            "run allocate /etc/millrace-test 1MiB",
                            "run allocate " + root + "/../x 1MiB",
                            "bean java.lang:type=Memory",
                            "get HeapMemoryUsage",
                            "run gc"));
            assertThat(said)
                    .contains(
                            "allocate(java.lang.String path,java.lang.String size), Reserves a new file of mode 0640",
                            "/etc/millrace-test: is not below a configured root: ",
                            root + "/../x: ",
                            "committed = ",
                            "gc: not permitted");
        }
    }
}
