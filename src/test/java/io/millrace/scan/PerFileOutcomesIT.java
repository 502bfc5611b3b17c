// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import static io.millrace.scan.FedPair.FIRST_BYTES;
import static io.millrace.scan.FedPair.OF;
import static io.millrace.scan.FedPair.SECOND_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Leftovers;
import io.millrace.testkit.Pids;
import io.millrace.testkit.TestWorker;
import io.millrace.worker.WorkerOutcome.Kind;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What processes do with their file, or to it, and what is then said of them; {@link FedPair} looks after the others. */
class PerFileOutcomesIT {
    @RegisterExtension
    final Leftovers leftovers = new Leftovers();

    @TempDir
    Path directory;

    private FedPair files;

    @BeforeEach
    void writeFiles() throws Exception {
        files = new FedPair(directory);
    }

    private Pids pids() throws Exception {
        var pids = new Pids(directory.resolve("pids"));
        assertThat(pids.numbers()).hasSize(2);
        return pids;
    }

    @Test
    void thatNeverReadsIsStalled() throws Exception {
        var subject = TestWorker.sh("exec sleep 1000").stall(300);
        var unused = files.outcomes(subject, Kind.STALLED, "neither read nor wrote for 300ms, after 0" + OF);
    }

    @Test
    void thatReadsAllAndNeverEndsIsStalled() throws Exception {
        var subject = TestWorker.sh("cat >/dev/null; exec sleep 1000").stall(300);
        var unused = files.outcomes(subject, Kind.STALLED, "neither read nor wrote for 300ms, after \\d+" + OF);
    }

    @Test
    void thatDoesNotHeedTheEndIsKilledWithItsChildren() throws Exception {
        var subject = TestWorker.sh("trap '' TERM; sleep 1000 & echo $! >>$PIDS; wait; sleep 1000")
                .variable("PIDS", directory.resolve("pids"))
                .stall(2_000) // in which it says who they are
                .stop(200);
        var unused = files.outcomes(subject, Kind.STALLED, "neither .*");
        pids().awaitGone();
    }

    @Test
    void thatClosesItsInputAndLivesOnHasClosedEarly() throws Exception {
        var subject = TestWorker.sh("exec </dev/null; exec sleep 1000");
        var unused = files.outcomes(subject, Kind.CLOSED_EARLY, "closed its standard input after 0" + OF);
    }

    @Test
    void thatLeavesWithZeroHalfwayHasEndedEarly() throws Exception {
        var subject = TestWorker.perFile("head", "-c", "10");
        assertThat(files.outcomes(subject, Kind.ENDED_EARLY, "exited with code 0 after \\d+" + OF))
                .allSatisfy(outcome -> {
                    assertThat(outcome.exitCode()).hasValue(0);
                    assertThat(outcome.output()).hasSizeGreaterThan(0);
                });
    }

    @Test
    void thatLeavesAFileUnreadWhichFitsIntoItsPipeHasEndedEarly() throws Exception {
        var subject = TestWorker.sh("sleep 0.2; exit 0").pipe(4 << 20);
        var unused = files.outcomes(subject, Kind.ENDED_EARLY, "exited with code 0 after 0" + OF);
    }

    @Test
    void thatWritesWithoutEndHasWrittenTooMuch() throws Exception {
        var unused = files.outcomes(TestWorker.perFile("yes"), Kind.TOO_MUCH_OUTPUT, "wrote more than 65536 bytes");
    }

    @Test
    void mayWriteAsMuchAsIsKeptAndNoByteMore() throws Exception {
        var all = files.outcomes(TestWorker.sh("cat >/dev/null; printf 12345").output(5));
        assertThat(all).allSatisfy(outcome -> assertThat(outcome.kind()).isEqualTo(Kind.DONE));
        var unused = files.outcomes(
                TestWorker.sh("cat >/dev/null; printf 123456").output(5),
                Kind.TOO_MUCH_OUTPUT,
                "wrote more than 5 bytes");
    }

    @Test
    void thatLeavesAProcessBehindIsNamedAndThatEnded() throws Exception {
        var subject = TestWorker.sh("sleep 1000 & echo $! >>$PIDS; exec cat >/dev/null")
                .variable("PIDS", directory.resolve("pids"));
        assertThat(files.outcomes(subject, Kind.LEFT_BEHIND, "left a child process that holds its output open"))
                .allSatisfy(outcome -> assertThat(outcome.exitCode()).hasValue(0));
        pids().awaitGone();
    }

    @Test
    void thatLeavesADaemonBehindWithAllItsPipesIsNotWaitedFor() throws Exception {
        var subject = TestWorker.sh("exec 3<&0; setsid sleep 1000 <&3 & echo $! >>$PIDS; exec cat >/dev/null")
                .variable("PIDS", directory.resolve("pids"));
        try {
            var unused = files.outcomes(subject, Kind.LEFT_BEHIND, "left a child process that holds its output open");
        } finally {
            pids().kill();
        }
    }

    @Test
    void thatFailsSaysSoByItsExitCode() throws Exception {
        assertThat(files.outcomes(TestWorker.sh("wc -c; exit 3"), Kind.FAILED, "exit code 3"))
                .allSatisfy(outcome -> {
                    assertThat(outcome.exitCode()).isEqualTo(OptionalInt.of(3));
                    assertThat(outcome.output()).matches(FIRST_BYTES + "\n|" + SECOND_BYTES + "\n");
                });
    }

    @Test
    void thatFailsBeforeItHasReadAllSaysHowFarItCame() throws Exception {
        var unused = files.outcomes(TestWorker.sh("exit 77"), Kind.FAILED, "exit code 77 after 0" + OF);
    }

    @Test
    void thatIsKilledHalfwayHasCrashed() throws Exception {
        var subject = TestWorker.sh("head -c 10 >/dev/null; kill -9 $$");
        assertThat(files.outcomes(subject, Kind.CRASHED, "killed by signal 9 after \\d+" + OF))
                .allSatisfy(outcome -> assertThat(outcome.exitCode()).isEmpty());
    }

    @Test
    void thatIsBusyForTooLongIsTimedOut() throws Exception {
        var subject = TestWorker.sh("cat >/dev/null; while :; do echo on; sleep 0.05; done")
                .timeout(400);
        var unused = files.outcomes(subject, Kind.TIMED_OUT, "not done within 400ms, after \\d+" + OF);
    }
}
