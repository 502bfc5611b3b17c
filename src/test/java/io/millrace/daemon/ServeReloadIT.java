// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace serve} is given another configuration while it runs. */
class ServeReloadIT {
    private static final String BEFORE = """
            roots: [.]
            pools:
              kept: { directory: pool, file-size: 4KiB, ready: 2, reserve: 0% }
              gone: { directory: src/gone, file-size: 4KiB, ready: 1, reserve: 0% }
            workers:
              cat: { command: [cat] }
              wc: { command: [wc, -c] }
            sources:
              kept: { paths: [src], digests: [crc32c], workers: [wc] }
              gone: { paths: [src], workers: [cat] }
            """;
    private static final String AFTER = """
            roots: [src]
            pools:
              kept: { directory: pool, file-size: 4KiB, ready: 3, reserve: 0% }
              new: { directory: src/new, file-size: 4KiB, ready: 1, reserve: 0% }
            workers:
              wc: { command: [wc, -l] }
              new: { command: [sha1sum] }
            sources:
              kept: { paths: [src/one], every: 24h, digests: [sha256], workers: [wc, new] }
              new: { paths: [src/one], digests: [md5] }
            """;

    @TempDir
    Path directory;

    private RunningService start(String rest) throws Exception {
        for (String name : List.of("src/gone", "src/new")) {
            Files.createDirectories(directory.resolve(name));
        }
        Files.writeString(directory.resolve("src/one"), "a line\n");
        RunningService.configure(directory, rest);
        return RunningService.start(directory);
    }

    private static String http(int port, String hosts) {
        return "http: { listen: 127.0.0.1:" + port + ", hosts: [" + hosts + "] }\n";
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** The status that a page has by this name. */
    private static String answer(int port, String host) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write(("GET /healthz HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return all.split(" ")[1];
        }
    }

    private static boolean isShut(int port) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return !socket.isConnected();
        } catch (ConnectException e) {
            return true;
        }
    }

    /** A connection that nobody logs in by, as that of {@link #isShut} may be, is told of and no fault. */
    private static void assertNothingIsWrong(RunningService service) throws IOException {
        assertThat(service.log().lines().filter(line -> !line.contains(": no login within ")))
                .noneMatch(line -> line.contains("WARN") || line.contains("ERROR"));
    }

    private static long files(Path pool) throws IOException {
        try (var all = Files.list(pool)) {
            return all.filter(file -> !file.getFileName().toString().startsWith("."))
                    .count();
        }
    }

    @Test
    void addsChangesAndRemovesAllThatTheFileNames() throws Exception {
        int first = freePort();
        int second = freePort();
        try (var service = start(http(first, "a.example.org") + BEFORE)) {
            assertThat(answer(first, "a.example.org")).isEqualTo("200");
            RunningService.configure(directory, http(second, "b.example.org") + AFTER);
            var reload = service.ctl("reload");
            assertThat(reload.exitCode()).as(reload.toString()).isZero();
            assertThat(reload.err()).startsWith("millrace: reloaded: ").contains("pool", "source", "worker");
            assertThat(isShut(first)).isTrue();
            assertThat(answer(second, "b.example.org")).isEqualTo("200");
            assertThat(answer(second, "a.example.org")).isEqualTo("421");
            service.await(
                    "files", () -> files(directory.resolve("pool")) == 3 && files(directory.resolve("src/new")) == 1);
            assertThat(files(directory.resolve("src/gone")))
                    .as("of a pool that is no more")
                    .isEqualTo(1);
            assertThat(service.ctl("pool", "list", "--json").out())
                    .contains("\"name\":\"kept\"", "\"name\":\"new\"")
                    .doesNotContain("gone");
            assertThat(service.ctl("worker", "list", "--json").out())
                    .contains("\"name\":\"new\"", "\"name\":\"wc\"")
                    .doesNotContain("cat");
            assertThat(service.ctl("source", "list", "--json").out())
                    .contains("\"name\":\"kept\"", "[\"sha256\"]", "[\"wc\",\"new\"]", "\"name\":\"new\"")
                    .doesNotContain("gone", "crc32c");
            Path results = directory.resolve("state/results/kept.ndjson");
            service.await("a run on the new schedule", () -> Files.exists(results));
            assertThat(results).content().contains("\"output\":\"1\\n\"", "\"name\":\"new\"");
            assertThat(service.ctl("scan", "start", directory.resolve("millrace.yaml"))
                            .err())
                    .contains("is not below a configured root");
        }
    }

    @Test
    void aBadFileChangesNothingAndEveryProblemIsNamed() throws Exception {
        int port = freePort();
        try (var service = start(http(port, "") + BEFORE)) {
            Path file = RunningService.configure(directory, http(freePort(), "") + """
                    pools: { new: { directory: src/new, file-size: 4KiB, ready: 1 } }
                    sources:
                      kept: { paths: [src/nowhere] }
                      new: { paths: [src], workers: [cat] }
                    """);
            var reload = service.ctl("reload");
            assertThat(reload.exitCode()).as(reload.toString()).isEqualTo(78);
            assertThat(reload.err().lines().toList())
                    .satisfiesExactly(
                            line -> assertThat(line)
                                    .startsWith("millrace: " + file + ":7:19: sources.kept.paths[1]: ")
                                    .endsWith("(ENOENT)"),
                            line -> assertThat(line)
                                    .startsWith("millrace: " + file + ":8:34: sources.new.workers[1]: ")
                                    .contains("no worker 'cat'"));
            service.systemd().await("RELOADING=1");
            service.systemd().await("READY=1");
            service.signal("HUP");
            service.systemd().await("RELOADING=1");
            service.systemd().await("READY=1");
            assertThat(service.log()).contains("ERROR " + file + ":8:34: ", "ERROR the configuration is unchanged\n");
            assertThat(answer(port, "localhost")).isEqualTo("200");
            assertThat(files(directory.resolve("src/new"))).isZero();
            assertThat(service.ctl("source", "list", "--json").out()).contains("gone", "crc32c");
        }
    }

    @Test
    void whatCannotChangeAndAPortThatIsTakenAreRefusedInOneLine() throws Exception {
        int port = freePort();
        try (var service = start(http(port, "") + BEFORE);
                var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Path file = RunningService.configure(directory, http(taken.getLocalPort(), "") + AFTER);
            var refused = service.ctl("reload");
            assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(78);
            assertThat(refused.err())
                    .contains("127.0.0.1:" + taken.getLocalPort())
                    .hasLineCount(1);
            Files.writeString(file, Files.readString(file).replace("directory: state", "directory: other"));
            assertThat(service.ctl("reload").err())
                    .isEqualTo("millrace: " + file + ":1:1: state-directory: cannot change from " + directory
                            + "/state to " + directory + "/other while the service runs; restart it\n");
            assertThat(answer(port, "localhost")).isEqualTo("200");
            assertThat(service.ctl("pool", "list").out()).contains("gone");
        }
    }

    @Test
    void whoeverAskedHearsWhatCameOfItThoughJmxMovesToAnotherAddress() throws Exception {
        int first = freePort();
        int second = freePort();
        try (var service = start("jmx: { listen: 127.0.0.1:" + first + " }\n" + BEFORE)) {
            RunningService.configure(directory, "jmx: { listen: 127.0.0.2:" + second + " }\n" + BEFORE);
            var reload = service.ctl("reload");
            assertThat(reload.exitCode()).as(reload.toString()).isZero();
            assertThat(reload.err()).isEqualTo("millrace: reloaded: JMX listener changed\n");
            var status = service.ctl("status");
            assertThat(status.exitCode()).as(status.toString()).isZero();
            service.await("the former port shut", () -> isShut(first));
            assertThat(service.ctl("status").exitCode()).isZero();
            assertNothingIsWrong(service);
        }
    }

    @Test
    void saysWhereTheAnswerOfAReloadIsToBeFoundIfJmxChangesOnItsPort() throws Exception {
        String jmx = "127.0.0.1:" + freePort();
        try (var service = start("jmx: { listen: \"" + jmx + "\" }\n" + BEFORE)) {
            Path users = Files.writeString(directory.resolve("users"), "");
            Files.setPosixFilePermissions(users, PosixFilePermissions.fromString("rw-------"));
            RunningService.configure(directory, "jmx: { listen: \"" + jmx + "\", access: users }\n" + BEFORE);
            var reload = service.ctl("reload");
            assertThat(reload.exitCode()).as(reload.toString()).isEqualTo(69);
            assertThat(reload.err())
                    .startsWith("millrace: " + jmx + ": the connection to the service was lost (")
                    .endsWith(" the service's log has the result\n")
                    .hasLineCount(1);
            service.await("the log tells", () -> service.log().contains(": JMX listener changed\n"));
            assertThat(service.ctl("status").exitCode()).isZero();
        }
    }

    @Test
    void fiftyReloadsLeaveNothingBehind() throws Exception {
        int first = freePort();
        int second = freePort();
        try (var service = start(http(first, "") + BEFORE)) {
            int threads = 0;
            int descriptors = 0;
            for (int i = 0; i < 52; i++) {
                if (i == 2) {
                    threads = service.count("task");
                    descriptors = service.count("fd");
                }
                boolean odd = i % 2 == 1;
                RunningService.configure(directory, http(odd ? first : second, "") + (odd ? BEFORE : AFTER));
                service.signal("HUP");
                service.systemd().await("RELOADING=1");
                service.systemd().await("READY=1");
                assertThat(answer(odd ? first : second, "localhost")).isEqualTo("200");
            }
            assertNothingIsWrong(service);
            int most = threads;
            int mostOpen = descriptors;
            service.await("as few threads as before: " + most, () -> service.count("task") <= most);
            service.await("as few descriptors as before: " + mostOpen, () -> service.count("fd") <= mostOpen);
        }
    }
}
