// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.posix.linux.LinuxPosix;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.worker.SlowPolicy;
import io.millrace.worker.WorkerListener;
import io.millrace.worker.WorkerMode;
import io.millrace.worker.WorkerOutcome;
import io.millrace.worker.WorkerPool;
import io.millrace.worker.WorkerSpec.Limits;
import io.millrace.worker.WorkerSpec.Surroundings;
import io.millrace.worker.WorkerSpec;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Small files of which one kills its worker, and big ones between them that need the same few processes. */
class BatchesIT {
    private static final String WORKER = """
            import hashlib, os, sys
            sys.path.insert(0, sys.argv[1])
            import protocol
            for file in protocol.files():
                with file:
                    data = b"".join(file.chunks())
                    if data.startswith(b"POISON"):
                        os._exit(3)
                    file.answer(hashlib.sha256(data).hexdigest())
            """;

    @TempDir
    Path directory;

    private WorkerPool pool(String name, int retries) throws IOException {
        Path script = Files.writeString(directory.resolve(name + ".py"), WORKER);
        String library = Path.of("config", "workers").toAbsolutePath().toString();
        var spec = new WorkerSpec(
                name,
                List.of("python3", script.toString(), library),
                WorkerMode.PERSISTENT,
                1,
                SlowPolicy.BLOCK,
                Surroundings.DEFAULT,
                Limits.DEFAULT.withRetries(retries));
        return new WorkerPool(LinuxPosix.create(), spec, new WorkerListener() {});
    }

    private Path tree() throws IOException {
        var random = new Random(7);
        Path tree = Files.createDirectory(directory.resolve("tree"));
        for (int i = 0; i < 70; i++) {
            int size = i % 23 == 11 ? 10 << 20 : i * 300;
            byte[] content = new byte[size];
            random.nextBytes(content);
            Files.write(tree.resolve("file" + i), content);
        }
        Files.writeString(tree.resolve("poison"), "POISON");
        try (var sparse = new RandomAccessFile(tree.resolve("sparse").toFile(), "rw")) {
            sparse.seek(30_000);
            sparse.write(1);
            sparse.setLength(60_000);
        }
        return tree;
    }

    @ParameterizedTest(name = "{0} at a time")
    @ValueSource(ints = {1, 2, 4})
    void onlyTheFileThatKillsAWorkerIsToBlame(int parallel) throws Exception {
        var run = ScanRun.with(DigestAlgorithm.SHA256).parallel(parallel);
        try (var patient = pool("patient", 1);
                var strict = pool("strict", 0)) {
            var summary = run.feeding(patient, strict).of(tree());
            assertThat(summary.files()).isEqualTo(72);
            assertThat(summary.workersFailed()).isEqualTo(1);
        }
        for (FileResult result : run.results()) {
            if (result.path().toString().endsWith("poison")) {
                assertThat(result.workers()).extracting(WorkerOutcome::kind).containsOnly(WorkerOutcome.Kind.CRASHED);
                assertThat(result.workers()).extracting(WorkerOutcome::attempts).containsExactly(2, 1);
            } else {
                String digest = '"' + ScanRun.hex(result, DigestAlgorithm.SHA256) + '"';
                assertThat(result.workers())
                        .as(result.toString())
                        .extracting(WorkerOutcome::output)
                        .containsOnly(digest);
            }
        }
    }
}
