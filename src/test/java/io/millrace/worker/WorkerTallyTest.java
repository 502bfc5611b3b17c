// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.worker.WorkerOutcome.Kind;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class WorkerTallyTest {
    private final WorkerTally tally = new WorkerTally();

    private static WorkerOutcome outcome(Kind kind, String reason) {
        return new WorkerOutcome("w", WorkerMode.PER_FILE, kind, OptionalInt.empty(), "", reason, 1);
    }

    @Test
    void hasEveryOutcomeFromTheStart() {
        assertThat(tally.files()).containsOnlyKeys(Kind.values());
        assertThat(tally.files().values()).containsOnly(0L);
        assertThat(tally.lastReasonAt()).isEmpty();
    }

    @Test
    void keepsTheReasonOfAFailureThatIsNoRestart() {
        tally.finished(outcome(Kind.FAILED, "exit code 1"));
        tally.finished(outcome(Kind.DONE, ""));
        assertThat(tally.files()).containsEntry(Kind.FAILED, 1L).containsEntry(Kind.DONE, 1L);
        assertThat(tally.lastReason()).contains("failed: exit code 1");
        assertThat(tally.lastReasonAt()).isPresent();
    }

    @Test
    void quarantineDoesNotHideWhyItCameToIt() {
        tally.suffered("crashed: ended by SIGKILL");
        tally.finished(outcome(Kind.QUARANTINED, "failed 5 times in a row, and is quarantined"));
        assertThat(tally.files()).containsEntry(Kind.QUARANTINED, 1L);
        assertThat(tally.lastReason()).contains("crashed: ended by SIGKILL");
    }
}
