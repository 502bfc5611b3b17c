// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.posix.libc.BytePath;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.testkit.CachedFile;
import io.millrace.testkit.Command;
import io.millrace.testkit.HostileNames;
import io.millrace.testkit.Leftovers;
import io.millrace.testkit.TestWorker;
import io.millrace.worker.WorkerOutcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All bytes of all files, and their names, as workers get them. */
class FedBytesIT {
    private static final int MEBIBYTE = 1 << 20;
    private static final int[] SIZES = {
        0, 1, 4095, 4096, 65535, 65536, 65537, 131072, MEBIBYTE - 1, MEBIBYTE, MEBIBYTE + 1, 4 * MEBIBYTE, 9 * MEBIBYTE
    };

    @RegisterExtension
    final Leftovers leftovers = new Leftovers();

    @TempDir
    Path directory;

    /** Past a process each, a persistent one and a digest, which must agree. */
    private ScanRun agree(int pipeBytes, int readBytes, Path... paths) throws Exception {
        try (var perFile = TestWorker.perFile("sha256sum").pipe(pipeBytes).pool();
                var persistent =
                        TestWorker.habit().pipe(pipeBytes).output(MEBIBYTE).pool()) {
            var run = ScanRun.with(DigestAlgorithm.SHA256).reads(readBytes).feeding(perFile, persistent);
            assertThat(run.of(paths).isGood()).as(run.results().toString()).isTrue();
            assertThat(run.results()).allSatisfy(result -> {
                String sha256 = ScanRun.hex(result, DigestAlgorithm.SHA256);
                assertThat(result.workers().get(0).output()).isEqualTo(sha256 + "  -\n");
                assertThat(result.workers().get(1).output())
                        .contains("\"sha256\":\"" + sha256 + "\"", "\"bytes\":" + result.bytes() + "}");
            });
            return run;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4096, 65536, 2 * MEBIBYTE})
    void ofAnySizeThroughAnyPipeArriveWhole(int pipeBytes) throws Exception {
        for (int size : SIZES) {
            var unused = CachedFile.random(directory.resolve("f" + size), size, size);
        }
        var run = agree(pipeBytes, ScanOptions.MIN_READ_BYTES, directory);
        assertThat(run.results()).hasSize(SIZES.length);
        run = agree(pipeBytes, ScanOptions.DEFAULT_READ_BYTES, directory);
        assertThat(run.results()).hasSize(SIZES.length);
    }

    @Test
    void ofHolesAreZeros() throws Exception {
        var unused = CachedFile.sparse(directory.resolve("all"), 70 * MEBIBYTE + 1, 1);
        unused = CachedFile.sparse(directory.resolve("few"), 50_000, 1);
        unused = CachedFile.sparse(directory.resolve("end"), 5 * MEBIBYTE, 2, 4 * MEBIBYTE);
        unused = CachedFile.sparse(directory.resolve("start"), 41 * MEBIBYTE + 777, 3, 0);
        unused = CachedFile.sparse(directory.resolve("many"), 20 * MEBIBYTE, 4, 4097, 6 * MEBIBYTE, 12 * MEBIBYTE + 1);
        for (int pipeBytes : List.of(4096, MEBIBYTE)) {
            var run = agree(pipeBytes, ScanOptions.DEFAULT_READ_BYTES, directory);
            assertThat(run.results()).hasSize(5);
        }
    }

    @Test
    void ofColdFilesAreThoseOfWarmOnes() throws Exception {
        var unused = CachedFile.random(directory.resolve("cold"), 40 * MEBIBYTE + 3, 1)
                .evicted();
        unused = CachedFile.random(directory.resolve("small"), 30_000, 2).evicted();
        assertThat(agree(MEBIBYTE, ScanOptions.DEFAULT_READ_BYTES, directory).results())
                .hasSize(2);
    }

    @Test
    void ofHostileNamesReachWorkersAsTheyAre() throws Exception {
        String script = "cat >/dev/null; printf %s \"$MILLRACE_PATH\" | od -An -v -tx1 | tr -d ' \\n'";
        try (var names = new HostileNames();
                var perFile = TestWorker.sh(script).pool();
                var persistent = TestWorker.habit().pool()) {
            var run = ScanRun.with(DigestAlgorithm.SHA256).feeding(perFile, persistent);
            assertThat(run.of(names.directory()).isGood()).isTrue();
            assertThat(run.results()).hasSize(names.names().size()).allSatisfy(result -> {
                BytePath path = result.path();
                assertThat(result.workers().get(0).output())
                        .isEqualTo(HexFormat.of().formatHex(path.toBytes()));
                String encoded =
                        path.isUtf8() ? "null" : "\"" + path.percentEncoded().replace("\\", "\\\\") + "\"";
                assertThat(result.workers().get(1).output()).contains("\"path_encoded\":" + encoded);
            });
        }
    }

    /** Deeper than a path may be long, in one call, and a header that no small pipe holds. */
    @Test
    void ofFilesFarDownArriveWithTheirNames() throws Exception {
        Path top = Files.createTempDirectory("millrace-deep-");
        String script = "import os,sys\nos.chdir(sys.argv[1])\nfor i in range(300):\n"
                + " os.mkdir('d' * 250); os.chdir('d' * 250)\nopen('file', 'w').write('deep')";
        try {
            var unused = Command.run(TestWorker.python(), "-c", script, top);
            var run = agree(4096, ScanOptions.DEFAULT_READ_BYTES, top);
            BytePath path = run.result().path();
            assertThat(path.toBytes()).hasSizeGreaterThan(75_000);
            assertThat(run.result().workers().get(1).output()).contains("\"path\":\"" + path + "\"");
        } finally {
            var unused = Command.run("rm", "-rf", top);
        }
    }

    @Test
    void ofManyFilesThroughManyProcessesComeInOrder() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        var random = new Random(seed);
        Path[] paths = new Path[300];
        for (int i = 0; i < paths.length; i++) {
            int bytes = random.nextInt(4) == 0 ? random.nextInt(2 * MEBIBYTE) : random.nextInt(20_000);
            paths[i] = CachedFile.random(directory.resolve("f" + random.nextLong()), bytes, i)
                    .path();
        }
        try (var perFile = TestWorker.perFile("sha256sum").processes(4).pool();
                var persistent = TestWorker.habit().processes(4).pool();
                var counter =
                        TestWorker.perFile("wc", "-c").detached().processes(2).pool()) {
            var run = ScanRun.with(DigestAlgorithm.SHA256, DigestAlgorithm.CRC32C)
                    .parallel(4)
                    .feeding(perFile, persistent, counter);
            assertThat(run.of(paths).isGood())
                    .as("seed %d: %s", seed, run.errors())
                    .isTrue();
            assertThat(run.results())
                    .extracting(result -> result.path().toString())
                    .containsExactly(List.of(paths).stream().map(Path::toString).toArray(String[]::new));
            assertThat(run.results()).allSatisfy(result -> {
                String sha256 = ScanRun.hex(result, DigestAlgorithm.SHA256);
                assertThat(result.workers()).extracting(WorkerOutcome::attempts).containsOnly(1);
                assertThat(result.workers().get(0).output()).startsWith(sha256);
                assertThat(result.workers().get(1).output()).contains(sha256);
                assertThat(result.workers().get(2).output()).isEqualTo(result.bytes() + "\n");
            });
        }
    }
}
