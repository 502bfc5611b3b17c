// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.testkit.CachedFile;
import io.millrace.testkit.Command;
import io.millrace.testkit.Leftovers;
import io.millrace.testkit.Pids;
import io.millrace.testkit.TestWorker;
import io.millrace.worker.WorkerOutcome.Kind;
import io.millrace.worker.WorkerOutcome;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Workers that hold up the others, and those that only seem to. */
class SlowWorkersIT {
    private static final int MEBIBYTE = 1 << 20;

    @RegisterExtension
    final Leftovers leftovers = new Leftovers();

    @TempDir
    Path directory;

    private Path file(int mebibytes) throws Exception {
        return CachedFile.random(directory.resolve("file"), (long) mebibytes * MEBIBYTE, mebibytes)
                .path();
    }

    @Test
    void aStoppedWorkerIsLetGoWithItsWholeGroup() throws Exception {
        Path file = file(256);
        String sha256 = Command.run("sha256sum", file).substring(0, 64);
        try (var counter = TestWorker.perFile("wc", "-c").pipe(MEBIBYTE).pool();
                var stopped = TestWorker.sh("sleep 1000 & echo $! >>$PIDS; echo $$ >>$PIDS; kill -STOP $$; cat")
                        .variable("PIDS", directory.resolve("pids"))
                        .detached()
                        .pool()) {
            var run = ScanRun.with(DigestAlgorithm.SHA256).feeding(counter, stopped);
            var unused = run.of(file);
            var result = run.result();
            assertThat(result.error()).isEmpty();
            assertThat(ScanRun.hex(result, DigestAlgorithm.SHA256)).isEqualTo(sha256);
            assertThat(result.workers().get(0).output()).isEqualTo(256L * MEBIBYTE + "\n");
            assertThat(result.workers().get(1).kind()).isEqualTo(Kind.DETACHED);
            assertThat(result.workers().get(1).reason())
                    .isEqualTo("fell more than a second behind the other consumers");
        }
        var pids = new Pids(directory.resolve("pids"));
        assertThat(pids.numbers()).hasSize(2);
        pids.awaitGone();
    }

    @Test
    void othersWaitForAWorkerThatIsNotToBeLetGo() throws Exception {
        Path file = file(96);
        String sha256 = Command.run("sha256sum", file).substring(0, 64);
        Path log = directory.resolve("log");
        try (var quick = TestWorker.sh("wc -c; echo quick >>$LOG")
                        .variable("LOG", log)
                        .pool();
                var slow = TestWorker.sh("{ head -c 4194304; sleep 1; echo slow >>$LOG; cat; } | sha256sum")
                        .variable("LOG", log)
                        .pool()) {
            var run = ScanRun.with(DigestAlgorithm.CRC32C).feeding(quick, slow);
            assertThat(run.of(file).isGood()).isTrue();
            assertThat(run.result().workers())
                    .extracting(WorkerOutcome::output)
                    .containsExactly(96L * MEBIBYTE + "\n", sha256 + "  -\n");
        }
        assertThat(Files.readAllLines(log))
                .as("the quick one came to its end after the slow one had gone on")
                .containsExactly("slow", "quick");
    }

    @Test
    void noWorkerIsLetGoBecauseTheRateIsLow() throws Exception {
        try (var pool = TestWorker.perFile("wc", "-c").detached().pool()) {
            var run = ScanRun.with(DigestAlgorithm.CRC32C).feeding(pool).rate(2 * MEBIBYTE);
            assertThat(run.of(file(8)).isGood()).as(run.results().toString()).isTrue();
        }
    }

    @Test
    void aWorkerThatIsAloneHoldsUpNobody() throws Exception {
        try (var pool = TestWorker.sh("sleep 1.5; exec wc -c").detached().pool()) {
            var run = ScanRun.with().feeding(pool);
            assertThat(run.of(file(40)).isGood()).as(run.results().toString()).isTrue();
        }
    }
}
