// SPDX-License-Identifier: Apache-2.0
package io.millrace.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class DrainPauseTest {
    private static final int CAPACITY_BYTES = 1 << 20;

    private final DrainPause pause = new DrainPause();

    private void adapt(int times, int pendingBytes) {
        for (int i = 0; i < times; i++) {
            pause.adapt(pendingBytes, CAPACITY_BYTES);
        }
    }

    @Test
    void growsWhileTheReaderLeavesMoreThanHalf() {
        assertEquals(0, pause.nanos());
        adapt(1, CAPACITY_BYTES);
        assertEquals(DrainPause.MIN_NANOS, pause.nanos());
        adapt(1, CAPACITY_BYTES / 2 + 1);
        assertTrue(pause.nanos() > DrainPause.MIN_NANOS);
        adapt(100, CAPACITY_BYTES);
        assertEquals(DrainPause.MAX_NANOS, pause.nanos());
    }

    @Test
    void staysWhereTheReaderLeavesSome() {
        adapt(3, CAPACITY_BYTES);
        long before = pause.nanos();
        adapt(5, CAPACITY_BYTES / 2);
        adapt(5, 1);
        assertEquals(before, pause.nanos());
    }

    /** A reader that is as fast as the writer is not to be kept waiting. */
    @Test
    void endsWhenThePipeRunsEmpty() {
        adapt(100, CAPACITY_BYTES);
        adapt(10, 0);
        assertEquals(0, pause.nanos());
    }
}
