// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.HungMount;
import io.millrace.testkit.Launcher;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A service with a pool and a source on a mount that hangs, and a pool and a source elsewhere. The mount is closed before the
 * service: even SIGKILL does not end a process before FUSE has answered what its daemon has begun.
 */
class HungMountIT {
    private static final Map<String, String> WATCHDOG = Map.of("WATCHDOG_USEC", "3000000");

    /** Of the bounds that are promised 10 s, as a busy machine needs it. */
    private static final long MAX_SECONDS = 30;

    @TempDir
    Path directory;

    private HungMount mount;

    @BeforeEach
    void mount() throws Exception {
        mount = HungMount.of(directory.resolve("below"), directory.resolve("m"));
        Files.createDirectory(mount.source().resolve("pool"));
        Files.write(mount.source().resolve("file"), new byte[100_000]);
        RunningService.configure(directory, configuration(2));
        Files.write(directory.resolve("src/file"), new byte[1000]);
    }

    @AfterEach
    void unmount() throws Exception {
        if (mount != null) {
            mount.close();
        }
    }

    private static String configuration(int ready) {
        return """
                roots: [m]
                pools:
                  hung: { directory: m/pool, file-size: 4KiB, ready: 0 }
                  well: { directory: pool, file-size: 4KiB, ready: %d, reserve: 0%% }
                sources:
                  hung: { paths: [m], digests: [crc32c] }
                  well: { paths: [src], digests: [crc32c] }
                """.formatted(ready);
    }

    /** So that it has no file of the mount open: the kernel would not let a process end before such a file is flushed. */
    private void awaitKept(RunningService service) throws Exception {
        service.await("the pool is kept", () -> service.log().contains("pool hung: ready with 0 files"));
    }

    private long files(String pool) throws Exception {
        try (var entries = Files.list(directory.resolve(pool))) {
            return entries.count();
        }
    }

    @Test
    void startsWhileItHangsAndTakesUpItsPoolWhenItAnswers() throws Exception {
        mount.hang();
        try (var service = RunningService.start(directory, WATCHDOG);
                var hung = mount) {
            service.await("the well pool is full", () -> files("pool") == 2);
            assertThat(service.log())
                    .contains(directory.resolve("m") + ": statx: no reply within 500ms; does its mount hang?\n");
            Files.move(directory.resolve("pool/well-0000000000000000"), directory.resolve("mine"));
            service.await("a claim is made up for", () -> files("pool") == 2);
            assertThat(service.ctl("scan", "start", "well").exitCode()).isZero();
            service.await(
                    "the well source is read", () -> Files.exists(directory.resolve("state/results/well.ndjson")));
            service.await(
                    "the hung pool says so",
                    () -> service.ctl("pool", "list").out().contains("no reply from the kernel since "));
            service.systemd().await("WATCHDOG=1");
            hung.recover();
            service.await("the hung pool is kept", () -> service.log().contains("pool hung: ready with 0 files"));
            service.signal("TERM");
            assertThat(service.awaitExit(MAX_SECONDS)).isEqualTo(143);
        }
    }

    @Test
    void reloadsWhileItHangsAndKeepsTheWatchdogFed() throws Exception {
        try (var service = RunningService.start(directory, WATCHDOG);
                var hung = mount) {
            awaitKept(service);
            hung.hang();
            RunningService.configure(directory, configuration(3));
            var answer = service.ctl("reload");
            assertThat(answer.exitCode()).as(answer.toString()).isZero();
            assertThat(answer.err())
                    .contains("; not checked: " + directory.resolve("m") + ": statx: no reply within 3s");
            service.await("a change elsewhere is applied", () -> files("pool") == 3);
            service.signal("HUP");
            service.systemd().await("RELOADING=1");
            service.systemd().await("WATCHDOG=1"); // while it is reloading: no READY=1 was passed over
            assertThat(service.systemd().await("READY=1")).isNotEmpty();
            service.signal("HUP");
            service.systemd().await("RELOADING=1");
            service.signal("TERM");
            assertThat(service.awaitExit(MAX_SECONDS)).isEqualTo(143);
        }
    }

    @Test
    void stopsWhileItIsStartedFromAFileThatHangs() throws Exception {
        Files.copy(directory.resolve("millrace.yaml"), mount.source().resolve("millrace.yaml"));
        mount.hang();
        var checked = Launcher.run("check-config", mount.directory().resolve("millrace.yaml"));
        assertThat(checked.exitCode()).isEqualTo(69);
        assertThat(checked.err())
                .isEqualTo("millrace: " + mount.directory()
                        + "/millrace.yaml: read: no reply within 3s; does its mount hang?\n");
        var refused = Launcher.run("serve", "--config", mount.directory().resolve("millrace.yaml"));
        assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(69);
    }

    @Test
    void checksAFileWhosePathsHang() throws Exception {
        mount.hang();
        var checked = Launcher.run("check-config", directory.resolve("millrace.yaml"));
        assertThat(checked.exitCode()).as(checked.toString()).isZero();
        assertThat(checked.err())
                .contains("millrace: not checked: " + directory.resolve("m") + ": statx: no reply within 3s")
                .endsWith("millrace.yaml: good, with 2 pools, 0 workers and 2 sources\n");
    }

    @Test
    void tellsOfAScanThatHangsAndStopsAllTheSame() throws Exception {
        try (var service = RunningService.start(directory, WATCHDOG);
                var hung = mount) {
            awaitKept(service);
            hung.hang();
            assertThat(service.ctl("scan", "start", "hung").exitCode()).isZero();
            service.await(
                    "the log tells", () -> service.log().contains("WARN scan hung-1: no reply from the kernel for "));
            assertThat(get(service, "/metrics")).containsPattern("(?m)^millrace_scan_stalled_seconds [1-9]");
            assertThat(get(service, "/")).contains("no reply from the kernel for ");
            assertThat(get(service, "/healthz")).isEqualTo("ok\n");
            assertThat(service.ctl("scan", "show", "hung-1").out()).contains("no reply from the kernel for ");
            assertThat(service.ctl("scan", "list", "--json").out()).containsPattern("\"stalled_seconds\":[1-9]");
            assertThat(service.ctl("scan", "cancel", "hung-1").exitCode()).isZero();
            assertThat(service.ctl("scan", "list").out()).containsPattern("hung-1 +cancelling ");
            service.systemd().drain();
            service.systemd().await("WATCHDOG=1");
            service.signal("TERM");
            assertThat(service.awaitExit(MAX_SECONDS)).isEqualTo(143);
        }
    }

    @Test
    void goesOnWithAScanWhenTheMountAnswers() throws Exception {
        try (var service = RunningService.start(directory);
                var hung = mount) {
            awaitKept(service);
            hung.hang();
            assertThat(service.ctl("scan", "start", "hung").exitCode()).isZero();
            service.await(
                    "the log tells", () -> service.log().contains("WARN scan hung-1: no reply from the kernel for "));
            hung.recover();
            service.await("it ends", () -> Files.exists(directory.resolve("state/results/hung.ndjson")));
            service.await("the log tells", () -> service.log().contains("INFO scan hung-1: continues, after "));
            assertThat(get(service, "/metrics")).contains("\nmillrace_scan_stalled_seconds 0.0\n");
        }
    }

    private static String get(RunningService service, String path) throws Exception {
        var uri = URI.create("http://127.0.0.1:" + service.port("http") + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
