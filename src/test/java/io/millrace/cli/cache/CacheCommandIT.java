// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.cli.Main;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import io.millrace.testkit.LoopMount.Kind;
import io.millrace.testkit.LoopMount;
import io.millrace.testkit.PageProbe;
import io.millrace.testkit.Undisturbed;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace cache} in a process of its own, on an ext4 of its own; what is resident says a C program. */
class CacheCommandIT {
    private static final int FILE_BYTES = (20 << 20) + 5;
    private static final int HALF = (10 << 20) / PageProbe.PAGE_BYTES;
    private static final int PAGES = FILE_BYTES / PageProbe.PAGE_BYTES + 1;

    @TempDir
    private Path directory;

    private PageProbe probe;
    private LoopMount mount;
    private Path file;

    @BeforeEach
    void mount() throws Exception {
        probe = new PageProbe(directory);
        mount = LoopMount.of(Kind.EXT4, 64, "-b", "4096");
        byte[] content = new byte[FILE_BYTES];
        new Random(1).nextBytes(content);
        file = Files.write(mount.directory().resolve("file"), content);
        var unused = Command.run("sync", "-f", file);
    }

    @AfterEach
    void unmount() throws IOException {
        if (mount != null) {
            mount.close();
        }
    }

    private static ChildJvm.Result millrace(Object... arguments) throws Exception {
        return ChildJvm.of(Main.class, arguments).run();
    }

    /** The members of one line of JSON, objects within it left out. */
    private static Map<String, Object> json(String line) throws IOException {
        var members = new LinkedHashMap<String, Object>();
        try (var parser = new JsonFactory().createParser(line)) {
            while (parser.nextToken() != null) {
                if (parser.currentToken().isScalarValue()) {
                    boolean number = parser.currentToken() == JsonToken.VALUE_NUMBER_INT;
                    members.put(parser.currentName(), number ? (Object) parser.getLongValue() : parser.getText());
                }
            }
        }
        return members;
    }

    /** The host may have taken some again. */
    private static void isNearlyAll(Object bytes) {
        assertThat((long) bytes).isBetween(FILE_BYTES * 9L / 10, (long) FILE_BYTES);
    }

    private static List<String> lines(ChildJvm.Result result) {
        return result.out().lines().toList();
    }

    @Test
    void evictDropsAndWarmBringsAllOfIt() throws Exception {
        Undisturbed.run(() -> {
            byte[] warm = Files.readAllBytes(file);
            assertThat(warm).hasSize(FILE_BYTES);
            PageProbe.assertKept(PageProbe.all(PAGES), probe.resident(file));
            var evicted = millrace("cache", "evict", "--json", file);
            assertThat(evicted.exitCode()).as(evicted.toString()).isZero();
            assertThat(probe.resident(file).cardinality()).isZero();
            assertThat(json(lines(evicted).get(0)))
                    .containsEntry("path", file.toString())
                    .containsEntry("bytes", (long) FILE_BYTES)
                    .containsEntry("resident_bytes", 0L)
                    .containsEntry("why_left", "null")
                    .containsEntry("error", "null");

            var warmed = millrace("cache", "warm", "--json", file);
            assertThat(warmed.exitCode()).as(warmed.toString()).isZero();
            PageProbe.assertKept(PageProbe.all(PAGES), probe.resident(file));
            assertThat(json(lines(warmed).get(0)))
                    .containsEntry("resident_before_bytes", 0L)
                    .hasEntrySatisfying("resident_bytes", CacheCommandIT::isNearlyAll);
            assertThat(json(lines(warmed).get(1)))
                    .containsEntry("type", "summary")
                    .containsEntry("files", 1L)
                    .hasEntrySatisfying("resident_bytes", CacheCommandIT::isNearlyAll);
            assertThat(warmed.err()).matches("millrace: warmed 1 file; \\S+ MiB of 20.0 MiB resident \\(\\S+ %\\)\n");
        });
    }

    @Test
    void dirtyPagesStayUntilTheyAreWritten() throws Exception {
        Path dirty = mount.directory().resolve("dirty");
        byte[] content = new byte[8 << 20];
        Files.write(dirty, content);
        var unsynced = millrace("cache", "evict", "--json", dirty);
        assertThat(unsynced.exitCode()).as(unsynced.toString()).isZero();
        var said = json(lines(unsynced).get(0));
        if ((long) said.get("resident_bytes") > 0) { // else the kernel had written them by itself
            assertThat((long) said.get("dirty_bytes")).isPositive();
            assertThat(unsynced.err()).contains("dirty: ", " stay: not yet written (see --sync)");
        }
        Files.write(dirty, content);
        var synced = millrace("cache", "evict", "--sync", dirty);
        assertThat(synced.exitCode()).as(synced.toString()).isZero();
        assertThat(probe.resident(dirty).cardinality()).isZero();
    }

    @Test
    void statusDrawsWhereAFileIsResident() throws Exception {
        Undisturbed.run(() -> {
            var unused = millrace("cache", "evict", mount.directory());
            try (var in = new RandomAccessFile(file.toFile(), "r")) {
                unused = millrace("cache", "advise", "willneed", "--range", "0:64KiB", file);
                in.readFully(new byte[10 << 20]);
            }
            var ascii = ChildJvm.of(Main.class, "cache", "status", "--bar", "always", file)
                    .environment("LC_ALL", "C")
                    .run();
            var utf8 = ChildJvm.of(Main.class, "cache", "status", "--bar", "always", file)
                    .environment("LC_ALL", "C.UTF-8")
                    .run();
            var plain = millrace("cache", "status", file);
            // The host may take some pages back by itself, so cells that were read need not be full.
            PageProbe.assertKept(PageProbe.all(HALF), probe.resident(file));
            assertThat(ascii.out())
                    .matches("\\[[-.:=+*%#]{9,15} +] [4-6]\\d\\.\\d %  +\\d+\\.\\d+ MiB of 20\\.0 MiB  .*file\n");
            assertThat(utf8.out()).matches("▕[▁-█]{9,15} +▏ [4-6]\\d\\.\\d % .*\n");
            assertThat(plain.out()).matches("[4-6]\\d\\.\\d %  +\\d+\\.\\d+ MiB of 20\\.0 MiB  .*file\n");
            assertThat(plain.err()).startsWith("millrace: looked at 1 file; ");
        });
    }

    @Test
    void walksDirectoriesAndGoesOnAfterWhatFails() throws Exception {
        Path below = Files.createDirectory(mount.directory().resolve("below"));
        Files.createFile(below.resolve("empty"));
        try (var sparse = new RandomAccessFile(below.resolve("sparse").toFile(), "rw")) {
            sparse.setLength(1L << 40);
        }
        Files.createSymbolicLink(below.resolve("link"), file);
        var unused = Command.run("mkfifo", below.resolve("fifo"));
        var status = ChildJvm.of(
                        Main.class,
                        "cache",
                        "status",
                        "--bar",
                        "always",
                        mount.directory().resolve("none"),
                        below)
                .environment("LC_ALL", "C")
                .run();
        assertThat(status.exitCode()).as(status.toString()).isEqualTo(1);
        assertThat(status.err())
                .contains("none: statx: No such file or directory (ENOENT)\n")
                .contains("looked at 2 files; 0 B of 1.00 TiB resident (0 %); 1 failed\n");
        assertThat(status.out()).contains(" empty ", "0 B of      0 B").contains("____", "0 B of 1.00 TiB");
        assertThat(lines(status)).hasSize(2);

        var warmed = millrace("cache", "warm", "--json", below);
        assertThat(warmed.exitCode()).as(warmed.toString()).isZero();
        assertThat(probe.resident(below.resolve("empty")).cardinality()).isZero();
        assertThat(json(lines(warmed).get(2))).as("holes need no memory").containsEntry("resident_bytes", 0L);
    }

    @Test
    void summaryHasOnlyTheTotals() throws Exception {
        Undisturbed.run(() -> {
            Files.write(mount.directory().resolve("other"), new byte[4096]);
            var unused = millrace("cache", "evict", "--sync", mount.directory());
            var cold = millrace("cache", "status", "--summary", mount.directory());
            assertThat(cold.out()).isEqualTo("looked at 2 files; 0 B of 20.0 MiB resident (0 %)\n");
            assertThat(cold.err()).isEmpty();
            try (var in = new RandomAccessFile(file.toFile(), "r")) {
                in.readFully(new byte[10 << 20]);
            }
            Path missing = mount.directory().resolve("none");
            var half = millrace("cache", "status", "--summary", mount.directory(), missing);
            var json = millrace("cache", "status", "--summary", "--json", mount.directory());
            PageProbe.assertKept(PageProbe.all(HALF), probe.resident(file));
            assertThat(half.exitCode()).as(half.toString()).isEqualTo(1);
            assertThat(half.out())
                    .matches("looked at 2 files; \\S+ MiB of 20\\.0 MiB resident \\([4-6]\\d\\.\\d %\\); 1 failed\n");
            assertThat(half.err()).isEqualTo("millrace: " + missing + ": statx: No such file or directory (ENOENT)\n");
            assertThat(lines(json)).as(json.toString()).hasSize(1);
            assertThat(json(lines(json).get(0)))
                    .containsEntry("type", "summary")
                    .containsEntry("files", 2L)
                    .containsEntry("bytes", FILE_BYTES + 4096L);
            assertThat(json.out()).containsPattern("\"resident_percent\":[4-6]\\d(\\.\\d)?[,}]");
        });
    }

    @Test
    void adviceSaysHowFarItReaches() throws Exception {
        Undisturbed.run(() -> {
            byte[] warm = Files.readAllBytes(file);
            assertThat(warm).hasSize(FILE_BYTES);
            var sequential = millrace("cache", "advise", "sequential", file);
            assertThat(sequential.exitCode()).as(sequential.toString()).isZero();
            assertThat(sequential.err())
                    .isEqualTo("millrace: advised sequential on 1 file; this ended with our own open file\n");
            var dropped = millrace("cache", "advise", "dontneed", "--range", "4MiB:8MiB", "--json", file);
            assertThat(dropped.exitCode()).as(dropped.toString()).isZero();
            var resident = probe.resident(file);
            assertThat(resident.get(1024, 3072).cardinality()).isZero();
            resident.set(1024, 3072);
            PageProbe.assertKept(PageProbe.all(PAGES), resident);
            assertThat(json(lines(dropped).get(0)))
                    .containsEntry("advice", "dontneed")
                    .containsEntry("offset_bytes", 4L << 20)
                    .containsEntry("length_bytes", 8L << 20);
            for (String wrong : List.of("sometimes", "dontneed --range 5", "dontneed --range -1:2", "dontneed")) {
                var refused = millrace((Object[]) ("cache advise " + wrong).split(" "));
                assertThat(refused.exitCode()).as(wrong + refused).isEqualTo(2);
            }
        });
    }
}
