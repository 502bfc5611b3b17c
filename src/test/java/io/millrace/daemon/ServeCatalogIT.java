// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.catalog.Catalog;
import io.millrace.catalog.CatalogListener;
import io.millrace.catalog.CatalogPlace;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.CachedFile;
import io.millrace.testkit.LoopMount;
import io.millrace.testkit.Settled;
import io.millrace.testkit.StoredBlocks;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A service with a catalog: what it finds on the device, and what it does where it cannot have the catalog. */
@Timeout(300)
class ServeCatalogIT {
    private static final int MIB = 1 << 20;
    private static final String VERIFIED = "sources: { v: { paths: [src], verify: true, at-start: true } }\n";

    @TempDir
    private Path directory;

    /** A file that was written long enough ago to be settled. */
    private static Path settled(Path path, int bytes) throws Exception {
        CachedFile.random(path, bytes, bytes);
        assertThat(new ProcessBuilder("sync", path.toString()).start().waitFor())
                .isZero();
        Settled.await();
        return path;
    }

    private static String get(RunningService service, String path) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port("http") + path))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static void awaitRuns(RunningService service, String source, int count) throws Exception {
        service.await(
                "the end of run " + count + " of " + source,
                () -> service.log().contains("scan " + source + "-" + count + ": read")
                        || service.log().contains("scan " + source + "-" + count + ": failed"));
    }

    @Test
    void aBitThatFlippedBelowAHotFileIsToldOnEveryFaceUntilItIsAcknowledged() throws Exception {
        try (var mount = LoopMount.of(LoopMount.Kind.EXT4, 64)) {
            Path file = settled(mount.directory().resolve("hot"), 5 * MIB);
            RunningService.configure(
                    directory,
                    "sources: { v: { paths: [" + mount.directory() + "], verify: true, at-start: true } }\n");
            try (var service = RunningService.start(directory)) {
                awaitRuns(service, "v", 1);
                byte[] good = Files.readAllBytes(file);
                new StoredBlocks(mount).flip(file, 3 * MIB + 5, 2);
                var unused = service.ctl("scan", "start", "v", "--wait");

                assertThat(Files.readAllBytes(file)).isEqualTo(good); // the cached copy
                assertThat(service.log())
                        .containsPattern("hot: disk bad, cached copy good: bytes 3145728-4194303 .*;"
                                + " run 'millrace catalog rescue .*hot' now");
                service.await("the metric", () -> get(service, "/metrics").contains("\nmillrace_corrupt_files 1.0"));
                assertThat(get(service, "/status.json"))
                        .contains("\"corrupt_files\":1", "\"verdict\":\"disk bad, cached copy good\"");
                assertThat(get(service, "/")).contains("disk bad, cached copy good", "catalog rescue");
                assertThat(service.ctl("status").out()).contains("catalog: 1 corrupt file: ");
                var status = service.ctl("catalog", "status");
                assertThat(status.exitCode()).isEqualTo(1);
                assertThat(status.out()).contains("hot: disk bad, cached copy good; run 'millrace catalog rescue");
                assertThat(Files.readString(directory.resolve("state/results/v.ndjson")))
                        .contains("\"offset_bytes\":3145728,\"length_bytes\":1048576");

                assertThat(service.ctl("catalog", "acknowledge", file).exitCode())
                        .isZero();
                assertThat(service.ctl("catalog", "acknowledge", file).exitCode())
                        .isNotZero();
                assertThat(service.ctl("catalog", "status").exitCode()).isZero();
                assertThat(get(service, "/metrics"))
                        .contains("\nmillrace_corrupt_files 0.0", "\nmillrace_acknowledged_corrupt_files 1.0");
            }
            try (var service = RunningService.start(directory)) {
                awaitRuns(service, "v", 1);
                var status = service.ctl("catalog", "status");
                assertThat(status.out()).contains("hot: disk bad, cached copy good, acknowledged");
                assertThat(status.exitCode()).isZero();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"damaged,was damaged", "newer,newer", "foreign,another program", "unwritable,may not be written"})
    void goesOnWithoutACatalogThatItCannotHave(String kind, String why) throws Exception {
        RunningService.configure(
                directory,
                "sources:\n  v: { paths: [src], verify: true, at-start: true }\n"
                        + "  r: { paths: [src], record: true, at-start: true, digests: [sha256] }\n");
        Path state = Files.createDirectory(directory.resolve("state"));
        Path file = settled(directory.resolve("src/f"), 100_000);
        Path database = state.resolve("catalog.db");
        byte[] before = make(kind, database);
        try (var service = RunningService.start(directory)) {
            awaitRuns(service, "v", 1);
            awaitRuns(service, "r", 1);
            assertThat(service.log()).contains(why);
            String results = Files.readString(state.resolve("results/r.ndjson"));
            assertThat(results).contains("\"sha256\"", file.getFileName().toString());
            if (kind.equals("damaged")) {
                assertThat(Files.list(state).map(Path::toString))
                        .anyMatch(name -> name.contains("catalog.db.damaged-"));
                var status = service.ctl("catalog", "status");
                assertThat(status.out() + status.err()).contains("was damaged").doesNotContain("corrupt");
            } else {
                assertThat(Files.readAllBytes(database)).isEqualTo(before);
                assertThat(service.log()).contains("scan v-1: failed: the catalog is not open");
                assertThat(get(service, "/readyz")).contains("catalog: ");
                assertThat(service.ctl("catalog", "status").exitCode()).isEqualTo(1);
                assertThat(service.ctl("source", "list").out()).contains("the catalog is not open");
            }
        }
    }

    /** Returns the content of the database. */
    private byte[] make(String kind, Path database) throws Exception {
        if (kind.equals("damaged")) {
            byte[] garbage = new byte[100_000];
            Arrays.fill(garbage, (byte) 'x');
            Files.write(database, garbage);
            return garbage;
        }
        if (kind.equals("foreign")) {
            try (var other = DriverManager.getConnection("jdbc:sqlite:" + database);
                    var statement = other.createStatement()) {
                statement.execute("CREATE TABLE t(a)");
            }
            return Files.readAllBytes(database);
        }
        Catalog.open(
                        LinuxPosix.create(),
                        new CatalogPlace(BytePath.of(database.getParent().toString()), Optional.empty()),
                        CatalogListener.NONE)
                .close();
        if (kind.equals("newer")) {
            try (var same = DriverManager.getConnection("jdbc:sqlite:" + database);
                    var statement = same.createStatement()) {
                statement.execute("PRAGMA user_version = 999");
            }
        } else {
            Assumptions.assumeTrue(
                    new ProcessBuilder("chattr", "+i", database.toString())
                                    .start()
                                    .waitFor()
                            == 0,
                    "chattr +i is not to be had here");
            toUnlock = database;
        }
        return Files.readAllBytes(database);
    }

    private Path toUnlock = Path.of("");

    @AfterEach
    void unlock() throws Exception {
        if (!toUnlock.toString().isEmpty()) {
            assertThat(new ProcessBuilder("chattr", "-i", toUnlock.toString())
                            .start()
                            .waitFor())
                    .isZero();
        }
    }

    @Test
    void aDamagedCatalogIsReplacedByTheNewestGoodBackup() throws Exception {
        Files.createDirectories(directory.resolve("backups"));
        RunningService.configure(directory, "catalog: { backups: backups }\n" + VERIFIED);
        settled(directory.resolve("src/f"), 100_000);
        try (var service = RunningService.start(directory)) {
            awaitRuns(service, "v", 1);
            service.await("a backup", () -> service.log().contains("is complete"));
        }
        try (var backups = Files.list(directory.resolve("backups"))) {
            assertThat(backups.map(path -> path.getFileName().toString()))
                    .singleElement()
                    .asString()
                    .startsWith("catalog.db.backup-");
        }
        Path database = directory.resolve("state/catalog.db");
        Files.deleteIfExists(directory.resolve("state/catalog.db-wal"));
        Files.deleteIfExists(directory.resolve("state/catalog.db-shm"));
        byte[] bytes = Files.readAllBytes(database);
        Arrays.fill(bytes, 100, bytes.length, (byte) 7);
        Files.write(database, bytes);
        try (var service = RunningService.start(directory)) {
            awaitRuns(service, "v", 1);
            assertThat(service.log()).contains("was damaged, and is kept as", "was opened instead");
            assertThat(service.ctl("status").out()).contains("was damaged", "was opened instead");
        }
    }

    @Test
    void aServiceThatIsKilledWhileItVerifiesHasAWholeCatalogAfterwards() throws Exception {
        RunningService.configure(
                directory, "sources: { v: { paths: [src], verify: true, at-start: true, rate: 4MiB/s } }\n");
        for (int i = 0; i < 40; i++) {
            settled(directory.resolve("src/f" + i), 500_000 + i);
        }
        try (var service = RunningService.start(directory)) {
            Path log = directory.resolve("state/catalog.db-wal");
            service.await("the scan", () -> service.log().contains("v-1: started") && Files.size(log) > 0);
            Thread.sleep(1_500); // some batches of 40 files in 5 s
            service.signal("KILL");
            assertThat(service.awaitExit(60)).isEqualTo(137);
        }
        int logged = Files.readString(directory.resolve("log")).length();
        try (var service = RunningService.start(directory)) {
            service.await(
                    "the run after it", () -> service.log().substring(logged).contains("v-1: read 40 files"));
            assertThat(service.log()).doesNotContain("was damaged", "corrupt");
            assertThat(Files.readString(directory.resolve("state/results/v.ndjson"), StandardCharsets.UTF_8))
                    .contains("\"verdict\":\"ok\"");
        }
        try (Catalog catalog = Catalog.open(
                LinuxPosix.create(),
                new CatalogPlace(BytePath.of(directory.resolve("state").toString()), Optional.empty()),
                CatalogListener.NONE)) {
            assertThat(catalog.whyDamaged()).isEmpty();
        }
    }

    /** 40 MiB an hour a day at 10 B/s are not to be had: told before anything is late. */
    @Test
    void aPromiseThatWillBreakIsToldBeforeItDoes() throws Exception {
        int hour = (LocalTime.now().getHour() + 12) % 23;
        String far = String.format(Locale.ROOT, "%02d:00-%02d:00", hour, hour + 1);
        RunningService.configure(
                directory,
                "sources:\n"
                        + "  all: { paths: [src], record: true, at-start: true }\n"
                        + "  v: { paths: [src], verify: true, verify-within: 30d, rate: 10B/s, between: \"" + far
                        + "\" }\n"
                        + "  kept: { paths: [src], verify: true, verify-within: 30d, between: \"00:00-24:00\" }\n");
        settled(directory.resolve("src/f"), 40 * MIB);
        try (var service = RunningService.start(directory)) {
            awaitRuns(service, "all", 1);
            service.await("the forecast", () -> service.log().contains("source v: verify-within will be broken in "));
            assertThat(service.ctl("status").out()).contains("source v: verify-within will be broken in ");
            String metrics = get(service, "/metrics");
            assertThat(metrics).contains("millrace_source_promise_kept{source=\"v\"} 0.0");
            awaitRuns(service, "kept", 1);
            service.await(
                    "what was verified",
                    () -> get(service, "/metrics")
                            .contains("millrace_source_verified_bytes{source=\"kept\"} 4.194304E7"));
            assertThat(get(service, "/metrics")).contains("millrace_source_promise_kept{source=\"kept\"} 1.0");
            assertThat(service.ctl("catalog", "status").out())
                    .contains("source kept: 100.0 % of 40.0 MiB verified on the device within 30d");
        }
    }
}
