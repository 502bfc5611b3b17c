// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.SyscallErrorCounts;
import io.millrace.prealloc.AllocationMethod;
import io.millrace.prealloc.AllocationResult;
import io.millrace.prealloc.CopyOnWrite;
import io.millrace.prealloc.Reservation;
import io.millrace.prealloc.pool.PoolState;
import io.millrace.scan.FileResult;
import io.millrace.scan.job.ScanState;
import io.millrace.scan.job.ScanStatus;
import io.millrace.telemetry.ServiceSnapshot;
import io.millrace.telemetry.Statuses;
import io.millrace.testkit.Document;
import io.millrace.worker.RestartReason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus is given, as it judges it. */
class MetricsIT {
    private static final Path PROMTOOL = Path.of("/usr/bin/promtool");
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0";

    private final Metrics metrics = new Metrics(
            "0.1.0",
            () -> Map.of(
                    new SyscallErrorCounts.Failure("fallocate", Errno.ENOSPC),
                    3L,
                    new SyscallErrorCounts.Failure("openat2", Errno.EACCES),
                    1L));

    @TempDir
    Path temporary;

    @AfterEach
    void end() {
        metrics.close();
    }

    @Test
    void promtoolHasNothingToSay() throws Exception {
        assumeTrue(Files.isExecutable(PROMTOOL), "promtool is not installed");
        tellOfEverything();
        Path scrape = Files.writeString(temporary.resolve("scrape"), scrape(""));

        Process promtool = new ProcessBuilder(PROMTOOL.toString(), "check", "metrics")
                .redirectInput(scrape.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(promtool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(said).isEmpty();
        assertThat(promtool.exitValue()).isZero();
    }

    @Test
    void hasEveryPromisedName() throws Exception {
        tellOfEverything();
        assertThat(scrape("").lines())
                .contains(
                        "millrace_build_info{version=\"0.1.0\"} 1",
                        "millrace_scan_read_bytes_total 1.073741824E9",
                        "millrace_scan_files_total{outcome=\"good\"} 1.0",
                        "millrace_scan_files_total{outcome=\"failed\"} 1.0",
                        "millrace_scans_active 1.0",
                        "millrace_scan_yield_seconds_total 3.0",
                        "millrace_read_seconds_bucket{le=\"0.001\"} 0",
                        "millrace_read_seconds_bucket{le=\"0.0025\"} 1",
                        "millrace_read_seconds_count 1",
                        "millrace_read_seconds_sum 0.002",
                        "millrace_cache_released_bytes_total 1.073741824E9",
                        "millrace_cache_left_bytes_total 0.0",
                        "millrace_prealloc_reserved_bytes_total 640.0",
                        "millrace_prealloc_seconds_count 6",
                        "millrace_pool_ready_files{pool=\"wal\"} 3.0",
                        "millrace_pool_target_files{pool=\"wal\"} 8.0",
                        "millrace_pool_claims_total{pool=\"wal\"} 1234.0",
                        "millrace_pool_state{pool=\"wal\",state=\"filling\"} 1.0",
                        "millrace_pool_space_seconds{pool=\"wal\"} 93000.0",
                        "millrace_source_last_success_timestamp_seconds{source=\"backups\"} 1.7954352E9",
                        "millrace_pool_state{pool=\"wal\",state=\"ready\"} 0.0",
                        "millrace_pool_free_bytes{pool=\"wal\"} 1.2884901888E10",
                        "millrace_source_failing{source=\"backups\"} 0.0",
                        "millrace_worker_processes{worker=\"index\"} 2.0",
                        "millrace_worker_fed_bytes_total{worker=\"index\"} 5.36870912E9",
                        "millrace_worker_restarts_total{reason=\"crashed\",worker=\"index\"} 1.0",
                        "millrace_worker_restarts_total{reason=\"unfit-between-files\",worker=\"index\"} 1.0",
                        "millrace_worker_restarts_total{reason=\"requested\",worker=\"index\"} 1.0",
                        "millrace_worker_restarts_total{reason=\"quarantined\",worker=\"index\"} 1.0",
                        "millrace_catalog_oldest_device_verified_seconds{source=\"backups\"} 7200.0",
                        "millrace_source_promise_kept{source=\"backups\"} 1.0",
                        "millrace_corrupt_files 1.0",
                        "millrace_syscall_errors_total{call=\"fallocate\",errno=\"ENOSPC\"} 3.0");
        assertThat(scrape(""))
                .contains("\njvm_memory_used_bytes{", "\nprocess_cpu_seconds_total ", "\nprocess_open_fds ")
                .contains("\nprocess_resident_memory_bytes ", "\nprocess_start_time_seconds ")
                .doesNotContain("\nsystem_");
    }

    @Test
    void everyFamilyHasHelp() throws Exception {
        tellOfEverything();
        var helped = scrape("")
                .lines()
                .filter(line -> line.startsWith("# HELP "))
                .map(line -> line.split(" ", 4))
                .filter(words -> words.length == 4 && words[3].length() > 5)
                .map(words -> words[2])
                .toList();
        var typed = scrape("")
                .lines()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.split(" ", 4)[2])
                .toList();
        assertThat(helped).containsExactlyElementsOf(typed);
    }

    @Test
    void everyFamilyIsDocumentedAndNoOther() throws Exception {
        tellOfEverything();
        var documented = Document.page("metrics.md").rows().stream()
                .map(row -> row.get(0).replace("`", ""))
                .filter(name -> name.matches("(millrace|jvm|process)_[a-z0-9_]+"))
                .toList();
        var served = scrape("")
                .lines()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.split(" ", 4)[2])
                .toList();

        assertThat(documented).doesNotHaveDuplicates().containsAll(served);
        // These come with the first garbage collection.
        assertThat(documented)
                .filteredOn(name -> !name.startsWith("jvm_gc_pause_"))
                .isSubsetOf(served);
    }

    @Test
    void speaksOpenMetricsToThoseWhoAskForIt() throws Exception {
        tellOfEverything();
        String scrape = scrape(OPEN_METRICS + ";q=0.8,text/plain;q=0.5");

        assertThat(scrape).endsWith("# EOF\n").contains("# TYPE millrace_scan_files counter");
        assertThat(Exposition.contentType(OPEN_METRICS)).startsWith("application/openmetrics-text");
        assertThat(Exposition.contentType("")).startsWith("text/plain; version=0.0.4");
        assertThat(scrape("")).doesNotContain("# EOF");
    }

    @Test
    void aMillionFilesMakeNoSeries() throws Exception {
        tellOfEverything();
        long before = own(); // the JVM's grow by a pause for garbage
        for (int i = 0; i < 1_000_000; i++) {
            metrics.fileFinished("backups-" + i % 1000, result("/srv/file-" + i, Optional.empty()));
            metrics.read(1 << 20, i);
        }
        for (int i = 0; i < 2000; i++) {
            metrics.ended(scan("request-" + i, ScanState.FINISHED, 10), Optional.empty());
            metrics.restarts("index", RestartReason.CRASHED, "crashed: signal " + i);
        }
        assertThat(own()).isEqualTo(before);
        assertThat(series()).isLessThanOrEqualTo(500);
    }

    @Test
    void fiftyPoolsAndFiftySourcesStayWithinTheBound() throws Exception {
        metrics.show(() -> Statuses.many(50));
        assertThat(series()).isLessThanOrEqualTo(1000);
    }

    @Test
    void whatAReloadRemovedIsGone() throws Exception {
        tellOfEverything();
        assertThat(scrape("")).contains("pool=\"wal\"", "source=\"backups\"", "worker=\"index\"");

        metrics.show(() -> Statuses.EMPTY);

        assertThat(scrape("")).doesNotContain("pool=\"wal\"", "source=\"backups\"", "worker=\"index\"");
    }

    @Test
    void writesBeforeThereIsAnythingToShow() throws Exception {
        assertThat(scrape("")).contains("millrace_build_info", "millrace_scan_files_total{outcome=\"good\"} 0.0");
    }

    private void tellOfEverything() {
        var pool = Statuses.pool("wal", PoolState.FILLING, 3, 8);
        var source = Statuses.source("backups", Optional.of(Statuses.NOW), Optional.empty());
        var worker = Statuses.worker("index", 2, 1, false);
        var scans = List.of(scan("backups-1", ScanState.RUNNING, 1 << 30));
        metrics.show(() -> new ServiceSnapshot(
                Statuses.NOW,
                Statuses.SERVICE,
                List.of(pool),
                scans,
                List.of(source),
                List.of(worker),
                Statuses.catalog("backups")));
        metrics.fileFinished("backups-1", result("/a", Optional.empty()));
        metrics.fileFinished("backups-1", result("/b", Optional.of("/b: read: input/output error (EIO)")));
        metrics.read(4 << 20, 2_000_000);
        metrics.filled("wal", 5, 320, Duration.ofMillis(20));
        var verdict = new Reservation(
                320, AllocationMethod.NATIVE, CopyOnWrite.NONE, OptionalInt.empty(), Duration.ofMillis(2));
        metrics.finished(new AllocationResult.Reserved(BytePath.of("/c"), verdict));
        metrics.restarts("index", RestartReason.CRASHED, "crashed: signal 11");
        metrics.restarts("index", RestartReason.UNFIT_BETWEEN_FILES, "a process wrote output");
        metrics.restarts("index", RestartReason.REQUESTED, "somebody asked for it");
        metrics.quarantined("index", "signal 11");
    }

    private static ScanStatus scan(String id, ScanState state, long bytes) {
        return Statuses.scan(id, state, bytes, List.of());
    }

    private static FileResult result(String path, Optional<String> error) {
        return new FileResult(BytePath.of(path), 10, Map.of(), List.of(), 0.1, Optional.empty(), error);
    }

    private long own() throws IOException {
        return scrape("").lines().filter(line -> line.startsWith("millrace_")).count();
    }

    private long series() throws IOException {
        return scrape("").lines().filter(line -> !line.startsWith("#")).count();
    }

    private String scrape(String accept) throws IOException {
        var out = new ByteArrayOutputStream();
        metrics.write(accept, out);
        return out.toString(StandardCharsets.UTF_8);
    }
}
