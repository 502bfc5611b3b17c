// SPDX-License-Identifier: Apache-2.0
package io.millrace.testkit;

import java.util.concurrent.TimeUnit;

/** Waits for files to be settled: the catalog takes nothing down that was written or renamed in the last 2 s, by the clock. */
public final class Settled {
    private static final long MILLIS = 2_100;

    private Settled() {}

    /** Returns when everything that was written, linked or renamed before the call has times older than that. */
    public static void await() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(MILLIS); // nothing tells but the clock
    }
}
