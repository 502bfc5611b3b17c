// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.catalog.Catalog;
import io.millrace.catalog.CatalogListener;
import io.millrace.catalog.CatalogPlace;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.Amount;
import io.millrace.testkit.CachedFile;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import io.millrace.testkit.LoopMount;
import io.millrace.testkit.LoopMount.Kind;
import io.millrace.testkit.Settled;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace scan --record} and {@code millrace verify} where the catalog or the process fails. */
@Timeout(600)
class ScanRecordIT {
    private static final Posix POSIX = LinuxPosix.create();
    private static final int FILES = 30;
    private static final String GOES_ON = "; the scan goes on, and what it reads is not recorded";

    @TempDir
    private Path directory;

    private Path tree;

    @BeforeEach
    void writeFiles() throws Exception {
        tree = Files.createDirectory(directory.resolve("tree"));
        for (int i = 0; i < FILES; i++) {
            var unused = CachedFile.random(tree.resolve("file-" + i), 5000 + i, i);
        }
        Settled.await();
    }

    private static CatalogPlace place(Path catalog) {
        return new CatalogPlace(BytePath.of(catalog.toString()), Optional.empty());
    }

    private ChildJvm.Result scan(Path catalog) throws Exception {
        return ChildJvm.of(Main.class, "scan", "--digest", "sha256", "--record", "--catalog", catalog, tree)
                .run();
    }

    private ChildJvm.Result verify(Path catalog) throws Exception {
        return ChildJvm.of(Main.class, "verify", "--catalog", catalog, tree).run();
    }

    /** The digests are there, and one line says what is wrong. */
    private static void assertOneLine(ChildJvm.Result result, String... words) {
        assertThat(result.exitCode()).as(result.toString()).isOne();
        assertThat(result.out().lines()).hasSize(FILES);
        assertThat(result.err().lines().filter(line -> line.contains("catalog.db: ")))
                .as(result.err())
                .hasSize(1)
                .allSatisfy(line -> assertThat(line).contains(words).endsWith(GOES_ON));
        assertThat(result.err()).contains("read " + FILES + " files").doesNotContain("Exception");
    }

    @Test
    void damagedMissingAndLockedCatalogsAreOneLineAndTheScanGoesOn() throws Exception {
        Path garbage = Files.createDirectory(directory.resolve("garbage"));
        byte[] bytes = new byte[20_000];
        new Random(1).nextBytes(bytes);
        Files.write(garbage.resolve("catalog.db"), bytes);
        assertOneLine(scan(garbage), "the database is damaged, or is none");
        assertThat(Files.readAllBytes(garbage.resolve("catalog.db"))).isEqualTo(bytes);
        var verified = verify(garbage);
        assertThat(verified.exitCode()).isOne();
        assertThat(verified.err().lines()).hasSize(1);

        Path nowhere = directory.resolve("nowhere");
        assertThat(verify(nowhere).err()).contains("there is no catalog", "millrace scan --record");

        Path locked = Files.createDirectory(directory.resolve("locked"));
        try (var catalog = Catalog.open(POSIX, place(locked), CatalogListener.NONE);
                var holder = catalog.begin()) {
            assertThat(holder).isNotNull();
            assertOneLine(scan(locked), "another process holds the database");
        }
        assertThat(verify(locked).err()).contains("verified 0 ok, " + FILES + " new");
    }

    @Test
    void aFullFileSystemKeepsWhatWasRecordedAndSaysSoInOneLine() throws Exception {
        try (var mount = LoopMount.of(Kind.TMPFS, 1)) {
            Path catalog = mount.directory();
            assertThat(scan(catalog).exitCode()).isZero();
            try (var catalogOf = Catalog.openExisting(POSIX, place(catalog))) {
                assertThat(catalogOf.whyDamaged()).isEmpty();
            }
            // All that is left.
            String unused =
                    Command.run("sh", "-c", "head -c 2000000 /dev/zero > " + catalog + "/filler 2>/dev/null || true");
            for (int i = 0; i < 4; i++) {
                Files.createLink(tree.resolve("x".repeat(200) + i), tree.resolve("file-" + i));
                var unusedToo = CachedFile.random(tree.resolve("y".repeat(200) + i), 9_000_000, i)
                        .path();
            }
            Settled.await();
            var result = scan(catalog);
            assertThat(result.exitCode()).as(result.toString()).isOne();
            assertThat(result.out().lines()).hasSize(FILES + 8);
            assertThat(result.err().lines().filter(line -> line.endsWith(GOES_ON)))
                    .as(result.err())
                    .hasSize(1);
            Files.delete(catalog.resolve("filler"));
            var again = verify(catalog);
            assertThat(again.err()).as(again.toString()).contains("verified ").doesNotContain("corrupt");
        }
    }

    @Test
    void whatAKilledScanSaidWasRecordedIsInTheCatalog() throws Exception {
        int rounds = Amount.of(2, 4, 200);
        Path catalog = Files.createDirectory(directory.resolve("catalog"));
        for (int i = 0; i < 2500; i++) {
            Files.write(tree.resolve("small-" + i), new byte[] {(byte) i, (byte) (i >> 8), 1});
        }
        String unused = Command.run("sync", "-f", tree);
        Settled.await();
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int round = 0; round < rounds; round++) {
            Path out = directory.resolve("out-" + round);
            var process = start(out, "scan", "--record", "--json", "--catalog", catalog, tree);
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            int lines = 1 + random.nextInt(2000);
            while (process.isAlive() && System.nanoTime() < until && count(out) < lines) {
                Thread.sleep(5); // until it has printed so many results
            }
            process.destroyForcibly().waitFor();
            try (var opened = Catalog.open(POSIX, place(catalog), CatalogListener.NONE);
                    var reader = opened.reader()) {
                assertThat(opened.whyDamaged()).as("seed " + seed).isEmpty();
                for (String line : Files.readAllLines(out)) {
                    if (line.endsWith("}") && line.contains("\"recorded\":true")) {
                        String path = line.replaceFirst(".*\"path\":\"([^\"]*)\".*", "$1");
                        assertThat(reader.find(BytePath.of(path)))
                                .as(path + " seed " + seed)
                                .hasSize(1)
                                .allSatisfy(record ->
                                        assertThat(record.blocks().isComplete()).isTrue());
                    }
                }
            }
        }
        var verified = verify(catalog);
        assertThat(verified.exitCode()).as(verified.err()).isZero();
    }

    private static long count(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) / 300 : 0;
    }

    private static Process start(Path out, Object... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "--enable-native-access=ALL-UNNAMED",
                Main.class.getName()));
        Arrays.stream(words).forEach(word -> command.add(word.toString()));
        return new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(out.toFile())
                .start();
    }
}
