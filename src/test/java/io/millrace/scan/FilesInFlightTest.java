// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.lifecycle.CancellationToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** How many small files are read at a time, by what their threads wait for. */
class FilesInFlightTest {
    private static final long MILLI = 1_000_000;

    private final ScanScheduler scheduler = new ScanScheduler(2, 1, new ScanProgress(new CancellationToken()));
    private final List<Integer> raised = new ArrayList<>();
    private final FilesInFlight.Waits waits = new FilesInFlight(2, 4, scheduler, raised::add).new Waits();

    private void add(int files, long deviceNanos) {
        for (int i = 0; i < files; i++) {
            waits.add(3 * MILLI, deviceNanos);
        }
    }

    /** Files that may be begun by now: whoever has something to report is told to do that where there are none. */
    private int begin() throws InterruptedException {
        int count = 0;
        while (Objects.requireNonNull(scheduler.next(null, false)).kind() == ScanScheduler.Assignment.Kind.NEXT_FILES) {
            count++;
        }
        return count;
    }

    @Test
    void readsMoreWhileThreadsWaitForTheDeviceAndFewerWhenTheyDoNot() {
        add(40, 2 * MILLI);
        assertThat(raised).as("up to the limit").containsExactly(3, 4);
        add(40, MILLI);
        assertThat(raised).as("a third of the time: as it is").containsExactly(3, 4);
        add(40, 0);
        add(8, 3 * MILLI);
        assertThat(raised).as("down to the least, and up again").containsExactly(3, 4, 3);
    }

    @Test
    void shortSpansDecideTogether() {
        for (int i = 0; i < 19; i++) {
            waits.add(MILLI / 10, i < 12 ? MILLI / 10 : 0);
        }
        assertThat(raised).isEmpty();
        waits.add(MILLI / 10, 0);
        assertThat(raised).containsExactly(3);
    }

    @Test
    void oneSlowFileAmongFastOnesDoesNotDecide() {
        for (int i = 0; i < 10; i++) {
            waits.add(100 * MILLI, 100 * MILLI);
            for (int j = 1; j < 8; j++) {
                waits.add(MILLI, 0);
            }
        }
        assertThat(raised).isEmpty();
    }

    @Test
    void noMoreLargeFilesAreReadThanFilesWereAskedFor() throws Exception {
        assertThat(begin()).isEqualTo(2);
        scheduler.limitSmallFiles(4);
        assertThat(begin()).as("more of them").isEqualTo(2);
        assertThat(scheduler.tryBeginLarge()).isTrue();
        assertThat(scheduler.tryBeginLarge()).isTrue();
        assertThat(scheduler.tryBeginLarge()).isFalse();
        scheduler.endLarge();
        assertThat(scheduler.tryBeginLarge()).isTrue();
    }
}
