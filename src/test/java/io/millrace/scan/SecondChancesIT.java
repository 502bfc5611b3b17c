// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.testkit.CachedFile;
import io.millrace.testkit.Leftovers;
import io.millrace.testkit.TestWorker;
import io.millrace.worker.WorkerListener;
import io.millrace.worker.WorkerOutcome.Kind;
import io.millrace.worker.WorkerOutcome;
import io.millrace.worker.WorkerPool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Retries, back-off and quarantine, and who is not to suffer from waiting for others. */
class SecondChancesIT {
    /** Dies at once unless {@code $STATE} exists. */
    private static final String MAY_DIE = "test -e $STATE || kill -9 $$; exec sha256sum";

    private static final String SCRIPT_OF_ONCE = "test -e $STATE || { : >$STATE; kill -9 $$; }; exec sha256sum";

    @RegisterExtension
    final Leftovers leftovers = new Leftovers();

    @TempDir
    Path directory;

    private Path file(String name, int bytes) throws Exception {
        return CachedFile.random(directory.resolve(name), bytes, name.hashCode())
                .path();
    }

    /** How the last of the pools fared, file by file. */
    private static List<WorkerOutcome> last(ScanRun run) {
        return run.results().stream()
                .map(result -> result.workers().get(result.workers().size() - 1))
                .toList();
    }

    @Test
    void aFreshProcessGetsAllBytesOnceMore() throws Exception {
        Path file = file("file", 5 << 20);
        try (var perFile = TestWorker.sh(SCRIPT_OF_ONCE)
                        .variable("STATE", directory.resolve("state"))
                        .retries(1)
                        .pool();
                var persistent = TestWorker.habit("fails-first", directory.resolve("other"))
                        .retries(3)
                        .pool()) {
            var run = ScanRun.with(DigestAlgorithm.SHA256).feeding(perFile, persistent);
            assertThat(run.of(file).isGood()).isTrue();
            String sha256 = ScanRun.hex(run.result(), DigestAlgorithm.SHA256);
            assertThat(run.result().workers())
                    .extracting(WorkerOutcome::attempts)
                    .containsExactly(2, 2);
            assertThat(run.result().workers())
                    .allSatisfy(outcome -> assertThat(outcome.output()).contains(sha256));
            assertThat(run.result().bytes()).isEqualTo(5 << 20);
        }
    }

    @Test
    void whatTheWorkerItselfCallsAFailureIsNotRetried() throws Exception {
        try (var pool = TestWorker.sh("exit 4").retries(5).pool()) {
            var run = ScanRun.with().feeding(pool);
            var unused = run.of(file("file", 10_000));
            assertThat(last(run).get(0).kind()).isEqualTo(Kind.FAILED);
            assertThat(last(run).get(0).attempts()).isEqualTo(1);
        }
    }

    @Test
    void everyFailureDoublesTheTimeToTheNextStart() throws Exception {
        Path log = directory.resolve("starts");
        try (var pool = TestWorker.sh("date +%s%N >>$LOG; kill -9 $$")
                .variable("LOG", log)
                .retries(4)
                .pool()) {
            var run = ScanRun.with().feeding(pool);
            var unused = run.of(file("file", 1 << 20));
            assertThat(last(run).get(0).attempts()).isEqualTo(5);
            assertThat(last(run).get(0).kind()).isEqualTo(Kind.CRASHED);
        }
        var starts = Files.readAllLines(log).stream().map(Long::parseLong).toList();
        assertThat(starts).hasSize(5);
        for (int i = 1; i < starts.size(); i++) {
            long least = TimeUnit.MILLISECONDS.toNanos(50L << (i - 1));
            assertThat(starts.get(i) - starts.get(i - 1)).as("pause %d", i).isGreaterThanOrEqualTo(least);
        }
    }

    @Test
    void aWorkerThatKeepsFailingIsLeftAloneForAWhileAndThenTriedAgain() throws Exception {
        Path state = directory.resolve("state");
        var heard = new CopyOnWriteArrayList<String>();
        var files = new ArrayList<Path>();
        for (int i = 0; i < 4; i++) {
            files.add(file("file" + i, 1 << 20));
        }
        try (WorkerPool pool = TestWorker.sh(MAY_DIE)
                .variable("STATE", state)
                .quarantine(2, 2_000)
                .pool(new WorkerListener() {
                    @Override
                    public void quarantined(String worker, String reason) {
                        heard.add(reason);
                    }
                })) {
            var run = ScanRun.with().feeding(pool).parallel(1);
            var unused = run.of(files.toArray(Path[]::new));
            assertThat(last(run))
                    .extracting(WorkerOutcome::kind)
                    .containsExactly(Kind.CRASHED, Kind.CRASHED, Kind.QUARANTINED, Kind.QUARANTINED);
            assertThat(last(run).get(3).reason()).isEqualTo("failed 2 times in a row, and is quarantined");
            assertThat(heard).singleElement().asString().startsWith("killed by signal 9");
            Files.writeString(state, "");
            await().until(() -> ScanRun.with()
                    .feeding(pool)
                    .parallel(1)
                    .of(files.toArray(Path[]::new))
                    .isGood());
        }
    }

    @Test
    void aQuarantineDoesNotHideWhatLedToIt() throws Exception {
        try (var pool =
                TestWorker.sh("kill -9 $$").retries(2).quarantine(1, 60_000).pool()) {
            var run = ScanRun.with(DigestAlgorithm.CRC32C).feeding(pool);
            var unused = run.of(file("file", 1 << 20));
            assertThat(last(run).get(0).kind()).isEqualTo(Kind.CRASHED);
            assertThat(last(run).get(0).reason()).startsWith("killed by signal 9");
            assertThat(last(run).get(0).attempts()).isEqualTo(1);
        }
    }

    /** The sixth failure comes while the seventh file waits for its start: it is not to wait for the quarantine's end. */
    @Test
    void whoWaitsForAStartHearsOfTheQuarantine() throws Exception {
        Path log = Files.writeString(directory.resolve("log"), "");
        var files = new ArrayList<Path>();
        files.add(file("long", 1 << 20));
        for (int i = 0; i < 6; i++) {
            files.add(file("file" + i, 1 << 20));
        }
        String script = "case $MILLRACE_PATH in"
                + " */long) while test $(wc -l <$LOG) -lt 5; do sleep 0.02; done; sleep 0.2;;"
                + " *) echo >>$LOG;; esac; kill -9 $$";
        try (var pool =
                TestWorker.sh(script).variable("LOG", log).quarantine(6, 50_000).pool()) {
            var run = ScanRun.with().feeding(pool).parallel(2);
            var unused = run.of(files.toArray(Path[]::new));
            assertThat(last(run).subList(0, 6)).extracting(WorkerOutcome::kind).containsOnly(Kind.CRASHED);
            assertThat(last(run).get(6).kind()).isEqualTo(Kind.QUARANTINED);
        }
    }

    @Test
    void aWorkersTimeoutDoesNotRunWhileItsFileWaitsForAnotherWorker() throws Exception {
        try (var quick = TestWorker.sh("exec sha256sum")
                        .timeout(1_200)
                        .processes(2)
                        .pool();
                var slow =
                        TestWorker.sh("sleep 1.8; exec sha256sum").processes(1).pool()) {
            var run = ScanRun.with().feeding(quick, slow).parallel(2);
            var unused = run.of(file("one", 1 << 20), file("two", 1 << 20));
            assertThat(run.results())
                    .hasSize(2)
                    .allSatisfy(result -> assertThat(result.workers())
                            .allSatisfy(
                                    outcome -> assertThat(outcome.complaint()).isEmpty()));
        }
    }
}
