// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace serve} from its start to its end, as systemd sees it. */
class ServeIT {
    private static final int MEBIBYTE = 1 << 20;

    @TempDir
    Path directory;

    @Test
    void tellsSystemdHowItIsFromStartToEnd() throws Exception {
        RunningService.configure(directory, """
                pools:
                  wal: { directory: pool, file-size: 4KiB, ready: 2, reserve: 0% }
                """);
        try (var service = RunningService.start(directory, Map.of("WATCHDOG_USEC", "600000"))) {
            var systemd = service.systemd();
            // With READY=1 or soon after it, as the pool is quick.
            assertThat(systemd.recall("STATUS=1 pool with 2 files ready")).endsWith("; no scan is planned");
            assertThat(systemd.await("WATCHDOG=1")).isEqualTo("WATCHDOG=1");
            systemd.await("WATCHDOG=1");
            service.signal("HUP");
            assertThat(systemd.await("RELOADING=1")).matches("RELOADING=1\\|MONOTONIC_USEC=[0-9]+");
            assertThat(systemd.await("READY=1")).startsWith("READY=1|STATUS=1 pool with 2 files ready");
            service.signal("TERM");
            assertThat(systemd.await("STOPPING=1")).startsWith("STOPPING=1|STATUS=stopping: 1 pool");
            assertThat(systemd.await("EXTEND_TIMEOUT_USEC=")).isEqualTo("EXTEND_TIMEOUT_USEC=10000000");
            assertThat(service.awaitExit(60)).isEqualTo(143);
            assertThat(service.log()).endsWith("INFO stopped\n");
        }
    }

    @Test
    void logsForTheJournalWithPrioritiesAndNoTimes() throws Exception {
        RunningService.configure(directory, "");
        Path log = Files.createFile(directory.resolve("log"));
        String journal = Command.run("stat", "-c", "%d:%i", log).strip();
        try (var service = RunningService.start(directory, Map.of("JOURNAL_STREAM", journal))) {
            Files.writeString(directory.resolve("millrace.yaml"), "pools: [\n");
            service.signal("HUP");
            service.systemd().await("READY=1");
            service.ctl("stop");
            assertThat(service.awaitExit(60)).isZero();
            assertThat(service.log().lines()).allMatch(line -> line.matches("<[36]>[a-z/].*"));
            assertThat(service.log()).contains("<3>" + directory + "/millrace.yaml:", "<6>stopped\n");
        }
    }

    /** The scan and its worker would take a minute; on a machine that is not busy it is five seconds at most. */
    @Test
    void endsSoonWhateverIsGoingOn() throws Exception {
        Files.createDirectories(directory.resolve("src"));
        Files.write(directory.resolve("src/big"), new byte[64 * MEBIBYTE]);
        Files.write(directory.resolve("slow"), new byte[MEBIBYTE]);
        RunningService.configure(directory, """
                workers:
                  deaf: { command: [sh, -c, "trap '' TERM; echo on >../deaf; while :; do sleep 1; done"], directory: src, stop-timeout: 60s }
                sources:
                  big: { paths: [src], at-start: true, digests: [sha256], rate: 1MiB/s }
                  fed: { paths: [slow], at-start: true, workers: [deaf] }
                """);
        try (var service = RunningService.start(directory)) {
            service.await("a worker", () -> Files.exists(directory.resolve("deaf")));
            service.await("a scan", () -> service.ctl("scan", "list").out().contains("big-"));
            service.signal("TERM");
            assertThat(service.awaitExit(40)).isEqualTo(143);
            assertThat(service.log()).endsWith("INFO stopped\n").doesNotContain(" ERROR ");
            assertThat(directory.resolve("state/results")).isEmptyDirectory();
        }
    }

    @Test
    void aRunMissedWhileItWasDownIsMadeUpForOnce() throws Exception {
        RunningService.configure(directory, "sources: { bin: { paths: [src], every: 24h, digests: [crc32c] } }\n");
        Files.writeString(directory.resolve("src/file"), "x"); // none would not be a good run
        Path times = directory.resolve("state/sources");
        runAndStop(times, ""); // a new source is due at once
        Files.writeString(times, Files.readString(times).replaceAll("\"20\\d\\d-", "\"2020-")); // years of downtime
        runAndStop(times, "\"2020-");
        String kept = Files.readString(times);
        try (var service = RunningService.start(directory)) {
            String started = kept.replaceAll("(?s).*\"started\":\"([^.\"]+).*", "$1");
            assertThat(service.ctl("source", "list", "--json").out())
                    .contains("\"last_started\":\"" + started)
                    .contains("\"active_scan\":null");
            assertThat(service.log().split("scan bin-1: started")).hasSize(3);
            assertThat(service.log()).doesNotContain("bin-2");
        }
    }

    private void runAndStop(Path times, String old) throws Exception {
        try (var service = RunningService.start(directory)) {
            service.await("a run that ended well", () -> {
                String now = Files.exists(times) ? Files.readString(times) : "";
                return now.contains("\"good\"") && (old.isEmpty() || !now.contains(old));
            });
            service.signal("TERM");
            service.awaitExit(60);
        }
    }

    @Test
    void ctlGivesUpOnOneThatIsStopped() throws Exception {
        RunningService.configure(directory, "");
        try (var service = RunningService.start(directory)) {
            service.signal("STOP");
            try {
                var asked = service.ctl("status", "--timeout=1s");
                assertThat(asked.exitCode()).as(asked.toString()).isEqualTo(69);
                assertThat(asked.err()).contains("no answer within 1s").hasLineCount(1);
            } finally {
                service.signal("CONT");
            }
            var asked = service.ctl("status", "--timeout=60s");
            assertThat(asked.exitCode()).as(asked.toString()).isZero();
        }
    }
}
