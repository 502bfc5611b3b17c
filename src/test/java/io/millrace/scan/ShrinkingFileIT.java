// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.posix.libc.Errno;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.testkit.CachedFile;
import io.millrace.testkit.FaultyPosix;
import io.millrace.testkit.Leftovers;
import io.millrace.testkit.TestWorker;
import io.millrace.worker.WorkerListener;
import io.millrace.worker.WorkerOutcome.Kind;
import io.millrace.worker.WorkerOutcome;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that cannot be read to their end while workers take them in: no worker may believe that it had all. */
class ShrinkingFileIT {
    private static final int MEBIBYTE = 1 << 20;

    /** Tells when it reads, and leaves a mark when it has come to the end. */
    private static final String MARKS_THE_END =
            "head -c 1000 >/dev/null; echo reading >&2; cat >/dev/null && echo end >$MARK";

    @RegisterExtension
    final Leftovers leftovers = new Leftovers();

    @TempDir
    Path directory;

    private Path file;
    private Path mark;

    private void write(boolean sparse) throws Exception {
        mark = directory.resolve("mark");
        file = directory.resolve("shrinking");
        var unused = sparse ? CachedFile.sparse(file, 64 * MEBIBYTE, 1, 0) : CachedFile.random(file, 8 * MEBIBYTE, 1);
    }

    /** Cuts the file when the worker has begun to read it; the thread that feeds waits for that. */
    private WorkerListener cutTo(long bytes) {
        return new WorkerListener() {
            @Override
            public void line(String worker, int pid, String line) {
                try (var out = new RandomAccessFile(file.toFile(), "rw")) {
                    out.setLength(Math.min(out.length(), bytes));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    @ParameterizedTest
    @CsvSource({"false,0", "false,5", "false,1048576", "false,4194305", "true,0", "true,1048576", "true,33554432"})
    void aProcessIsEndedBeforeItCouldSeeAnEnd(boolean sparse, long bytes) throws Exception {
        write(sparse);
        try (var pool = TestWorker.sh(MARKS_THE_END).variable("MARK", mark).pool(cutTo(bytes))) {
            var run = ScanRun.with().feeding(pool);
            var summary = run.of(file);
            assertThat(summary.isGood()).isFalse();
            assertThat(run.errors()).singleElement().asString().contains(": shrank while it was read: ends at byte ");
            WorkerOutcome outcome = run.result().workers().get(0);
            assertThat(outcome.kind()).as(outcome.reason()).isEqualTo(Kind.ABANDONED);
            assertThat(outcome.reason()).startsWith("the file shrank: ends at byte ");
        }
        assertThat(mark).doesNotExist();
    }

    @Test
    void aProcessThatDoesNotHeedTheEndSeesNoneEither() throws Exception {
        write(false);
        try (var pool = TestWorker.sh("trap '' TERM; " + MARKS_THE_END)
                .variable("MARK", mark)
                .stop(300)
                .pool(cutTo(5))) {
            var run = ScanRun.with(DigestAlgorithm.SHA256).feeding(pool);
            var unused = run.of(file);
            assertThat(run.errors()).hasSize(1);
            assertThat(run.result().workers().get(0).kind()).isEqualTo(Kind.ABANDONED);
            assertThat(run.result().digests()).isEmpty();
        }
        assertThat(mark).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"false,5", "false,4194305", "true,1048576"})
    void aPersistentWorkerIsToldAndServesTheNextFile(boolean sparse, long bytes) throws Exception {
        write(sparse);
        var next = CachedFile.random(directory.resolve("next"), 3 * MEBIBYTE, 2).path();
        try (var pool = TestWorker.habit("tells", directory.resolve("state"))
                .processes(1)
                .pool(cutTo(bytes))) {
            var run = ScanRun.with(DigestAlgorithm.SHA256).feeding(pool).parallel(1);
            var unused = run.of(file, next);
            WorkerOutcome first = run.results().get(0).workers().get(0);
            assertThat(first.kind()).as(first.reason()).isEqualTo(Kind.ABANDONED);
            isServedByTheSame(run.results().get(1));
        }
    }

    private void isServedByTheSame(FileResult result) throws IOException {
        assertThat(result.isGood()).as(result.toString()).isTrue();
        String[] abandoned =
                Files.readString(directory.resolve("state")).strip().split(" ");
        assertThat(abandoned[0]).isEqualTo("abandoned");
        assertThat(result.workers().get(0).output())
                .contains("\"pid\":" + abandoned[2], "\"seen\":2", ScanRun.hex(result, DigestAlgorithm.SHA256));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 40})
    void aReadErrorAbandonsTheFileForAll(int call) throws Exception {
        write(false);
        var next = CachedFile.random(directory.resolve("next"), 3 * MEBIBYTE, 2).path();
        var faulty = new FaultyPosix(LinuxPosix.create());
        try (var perFile = TestWorker.sh(MARKS_THE_END).variable("MARK", mark).pool(faulty.posix());
                var persistent = TestWorker.habit("good", directory.resolve("state"))
                        .processes(1)
                        .pool()) {
            var eio = faulty.fail("spliceFromFileNoWait", Errno.EIO)
                    .on("shrinking")
                    .fromCall(call)
                    .times(1);
            var run = ScanRun.with(DigestAlgorithm.SHA256)
                    .feeding(persistent, perFile)
                    .parallel(1);
            var unused = run.of(file);
            assertThat(eio.injected()).isEqualTo(1);
            assertThat(run.errors()).singleElement().asString().matches(file + ": .* at .*EIO.");
            assertThat(run.result().workers()).allSatisfy(outcome -> {
                assertThat(outcome.kind()).isEqualTo(Kind.ABANDONED);
                assertThat(outcome.reason()).contains(file.toString(), "Input/output error (EIO)");
            });
            assertThat(mark).doesNotExist();
            unused = run.of(next);
            isServedByTheSame(run.results().get(1));
        }
    }
}
