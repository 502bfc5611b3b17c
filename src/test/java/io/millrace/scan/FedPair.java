// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.posix.Posix;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.testkit.CachedFile;
import io.millrace.testkit.TestWorker;
import io.millrace.worker.WorkerListener;
import io.millrace.worker.WorkerOutcome.Kind;
import io.millrace.worker.WorkerOutcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Two files past a worker that is put to the test, between a process a file and a persistent one that both compute what
 * the digest beside them does; it fails where any of those three suffers.
 */
public final class FedPair {
    public static final int FIRST_BYTES = (3 << 20) + 17;
    public static final int SECOND_BYTES = (100 << 10) + 1;

    /** What follows the number of bytes that a worker got, in words and as a pattern. */
    static final String OF = " of (" + FIRST_BYTES + "|" + SECOND_BYTES + ") bytes";

    private final Path first;
    private final Path second;
    private final List<String> restarts = new ArrayList<>();
    private boolean pauses;

    public FedPair(Path directory) throws Exception {
        first = CachedFile.random(directory.resolve("first"), FIRST_BYTES, 1).path();
        second = CachedFile.random(directory.resolve("second"), SECOND_BYTES, 2).path();
    }

    /** Lets workers be idle for a while between the two files. */
    public void pause() {
        pauses = true;
    }

    /** Why processes were replaced, and {@code quarantined: } why none was started. */
    public List<String> restarts() {
        return restarts;
    }

    /** How the worker fared with each file. */
    public List<WorkerOutcome> outcomes(TestWorker subject) throws Exception {
        return outcomes(LinuxPosix.create(), subject);
    }

    /** The subject's system calls may be faulty; the others' are not. */
    public List<WorkerOutcome> outcomes(Posix posix, TestWorker subject) throws Exception {
        try (var before = TestWorker.perFile("sha256sum").named("before").pool();
                var tested = subject.pool(posix, listener());
                var after = TestWorker.habit().named("after").pool()) {
            var run = ScanRun.with(DigestAlgorithm.SHA256).parallel(1).feeding(before, tested, after);
            var unused = run.of(first);
            if (pauses) {
                TimeUnit.SECONDS.sleep(2); // nobody looks at what is idle, until the next file
            }
            unused = run.of(second);
            assertThat(run.errors()).isEmpty();
            assertThat(run.results()).hasSize(2).allSatisfy(FedPair::othersAreRight);
            return run.results().stream().map(result -> result.workers().get(1)).toList();
        }
    }

    /** Both files must have come to this, by one attempt each. */
    List<WorkerOutcome> outcomes(TestWorker subject, Kind kind, String reason) throws Exception {
        var outcomes = outcomes(subject);
        assertThat(outcomes).hasSize(2).allSatisfy(outcome -> {
            assertThat(outcome.kind()).as(outcome.reason()).isEqualTo(kind);
            assertThat(outcome.reason()).matches(reason);
            assertThat(outcome.attempts()).isEqualTo(1);
        });
        return outcomes;
    }

    private WorkerListener listener() {
        return new WorkerListener() {
            @Override
            public synchronized void restarts(String worker, String reason) {
                restarts.add(reason);
            }

            @Override
            public synchronized void quarantined(String worker, String reason) {
                restarts.add("quarantined: " + reason);
            }
        };
    }

    private static void othersAreRight(FileResult result) {
        String sha256 = ScanRun.hex(result, DigestAlgorithm.SHA256);
        var outcomes = result.workers();
        assertThat(outcomes).extracting(WorkerOutcome::worker).containsExactly("before", "subject", "after");
        assertThat(outcomes.get(0).complaint()).isEmpty();
        assertThat(outcomes.get(0).output()).isEqualTo(sha256 + "  -\n");
        assertThat(outcomes.get(2).complaint()).isEmpty();
        assertThat(outcomes.get(2).output()).contains("\"sha256\":\"" + sha256 + "\"");
    }
}
