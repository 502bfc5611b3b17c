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
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What persistent workers do to the protocol, and what is then said of them; {@link FedPair} looks after the others. */
class PersistentOutcomesIT {
    @RegisterExtension
    final Leftovers leftovers = new Leftovers();

    @TempDir
    Path directory;

    private FedPair files;

    @BeforeEach
    void writeFiles() throws Exception {
        files = new FedPair(directory);
    }

    @Test
    void thatNeverReadsIsStalled() throws Exception {
        var subject = TestWorker.habit("never-reads").stall(300);
        var unused = files.outcomes(subject, Kind.STALLED, "neither read nor wrote for 300ms, after 0" + OF);
    }

    @Test
    void thatNeverAnswersIsStalledAfterAllBytes() throws Exception {
        var subject = TestWorker.habit("never-answers").stall(3_000); // in which it reads all
        var unused = files.outcomes(
                subject,
                Kind.STALLED,
                "neither read nor wrote for 3s, after (" + FIRST_BYTES + " of " + FIRST_BYTES + "|" + SECOND_BYTES
                        + " of " + SECOND_BYTES + ") bytes");
    }

    @Test
    void thatIsNotDoneInTimeIsTimedOut() throws Exception {
        var subject = TestWorker.habit("never-answers").timeout(500);
        var unused = files.outcomes(subject, Kind.TIMED_OUT, "not done within 500ms, after \\d+" + OF);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "garbage       | answered with something other than a JSON object: \u001B\\[1mhello",
                "not-json      | answered with something other than a JSON object: %!",
                "wrong-id      | answered for file 100\\d instead of \\d",
                "no-id         | answered without \"id\": \\{\"ok\": true\\}",
                "no-ok         | answered without \"ok\": \\{\"id\": \\d\\}",
                "two-answers   | answered more than once",
                "endless-lines | answered with something other than a JSON object: y",
                "too-soon      | answered after 0 of \\d+ bytes",
                "closes-output | closed its standard output",
            })
    void thatBreaksTheProtocolHasAnsweredGarbage(String habit, String reason) throws Exception {
        var unused = files.outcomes(TestWorker.habit(habit), Kind.GARBAGE, reason);
        assertThat(files.restarts())
                .hasSize(2)
                .allSatisfy(why -> assertThat(why).matches("garbage: " + reason));
    }

    @ParameterizedTest
    @ValueSource(strings = {"endless", "long-answer"})
    void thatAnswersMoreThanIsTakenHasAnsweredTooMuch(String habit) throws Exception {
        var unused = files.outcomes(TestWorker.habit(habit), Kind.TOO_MUCH_OUTPUT, "answered more than 65536 bytes");
    }

    @Test
    void thatClosesItsInputAndLivesOnHasClosedEarly() throws Exception {
        var unused = files.outcomes(
                TestWorker.habit("closes-input"), Kind.CLOSED_EARLY, "closed its standard input after 0" + OF);
    }

    @ParameterizedTest
    @CsvSource({"exits,exit code 0", "exits-3,exit code 3", "killed,killed by signal 9"})
    void thatLeavesInTheMiddleHasCrashed(String habit, String how) throws Exception {
        var unused = files.outcomes(TestWorker.habit(habit), Kind.CRASHED, how + " after \\d+" + OF);
    }

    @ParameterizedTest
    @CsvSource({"daemon,false", "daemon-setsid,true"})
    void thatLeavesADaemonBehindHasCrashedAndTheDaemonIsNotWaitedFor(String habit, boolean survives) throws Exception {
        Path pids = directory.resolve("pids");
        var unused = files.outcomes(TestWorker.habit(habit, pids), Kind.CRASHED, "exit code 0 after \\d+" + OF);
        var daemons = new Pids(pids);
        assertThat(daemons.numbers()).hasSize(2);
        if (survives) {
            daemons.kill();
        }
        daemons.awaitGone();
    }

    @Test
    void thatSaysNoHasFailedAndIsKept() throws Exception {
        var outcomes = files.outcomes(TestWorker.habit("says-no").processes(1), Kind.FAILED, "unripe");
        assertThat(outcomes.get(0).output())
                .as("its process")
                .isNotEmpty()
                .isEqualTo(outcomes.get(1).output());
        assertThat(files.restarts()).isEmpty();
    }

    @Test
    void servesAllFilesInOneProcess() throws Exception {
        assertThat(processes(TestWorker.habit("good").processes(1))).hasSize(1);
        assertThat(files.restarts()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"dies-idle", "speaks-idle"})
    void thatEndsOrSpeaksBetweenTwoFilesIsReplacedUnnoticed(String habit) throws Exception {
        files.pause();
        assertThat(processes(TestWorker.habit(habit).processes(1))).hasSize(2);
        assertThat(files.restarts()).containsExactly("a process ended, or wrote output, between two files");
    }

    private Set<String> processes(TestWorker subject) throws Exception {
        var outcomes = files.outcomes(subject);
        assertThat(outcomes)
                .hasSize(2)
                .allSatisfy(outcome -> assertThat(outcome.complaint()).isEmpty());
        return outcomes.stream()
                .map(outcome -> outcome.output().replaceAll(".*\"pid\":(\\d+).*", "$1"))
                .collect(Collectors.toSet());
    }
}
