// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkerTallyTest {
    private final WorkerTally tally = new WorkerTally();

    @Test
    void everyFaultOfAWorkerHasAReasonInTheSameWords() {
        var faults = Arrays.stream(Outcome.Kind.values())
                .filter(Outcome.Kind::isWorkersFault)
                .toList();
        assertThat(faults)
                .isNotEmpty()
                .allSatisfy(kind -> assertThat(RestartReason.of(kind).words()).isEqualTo(kind.words()));
        assertThat(RestartReason.values()).hasSize(faults.size() + 2);
    }

    @Test
    void countsEachReasonByItself() {
        tally.restarted(RestartReason.GARBAGE);
        tally.restarted(RestartReason.GARBAGE);
        tally.restarted(RestartReason.REQUESTED);
        assertThat(tally.restarts())
                .containsEntry(RestartReason.GARBAGE, 2L)
                .containsEntry(RestartReason.REQUESTED, 1L)
                .containsEntry(RestartReason.CRASHED, 0L);
    }

    @Test
    void makesOnePrintableLineOfWhateverAWorkerSaid() {
        assertThat(tally.lastReason()).isEmpty();
        for (String said : List.of("a\nb\u001B[1m\uD800\uDCFF", "\uDC80\uDFFF\uD83D\uDE00")) {
            tally.suffered(said);
            assertThat(tally.lastReason().orElseThrow())
                    .doesNotContain("\n", "\u001B")
                    .doesNotContainPattern("[\\x{D800}-\\x{DFFF}]");
        }
        assertThat(tally.lastReason()).contains("\uFFFD\uFFFD\uD83D\uDE00");
    }
}
