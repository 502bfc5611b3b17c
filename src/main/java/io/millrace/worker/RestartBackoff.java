// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import java.util.concurrent.ThreadLocalRandom;

/** How often a worker failed in a row, and how long it is left alone for that. Guarded by its pool. */
final class RestartBackoff {
    private static final long FIRST_WAIT_NANOS = 100_000_000;
    private static final long LONGEST_WAIT_NANOS = 30_000_000_000L;

    private final WorkerSpec.Limits limits;
    private int inARow;

    /** No fresh process before this; only after a failure. */
    private long notBeforeNanos = System.nanoTime();

    RestartBackoff(WorkerSpec.Limits limits) {
        this.limits = limits;
    }

    int inARow() {
        return inARow;
    }

    /** How long it is until a fresh process may start; 0 and less: now. */
    long waitNanos() {
        return notBeforeNanos - System.nanoTime();
    }

    /** Whether there were so many that nobody waits for it to be tried again. */
    boolean areTooMany() {
        return inARow >= limits.quarantineAfter();
    }

    void another() {
        inARow++;
        long wait = areTooMany() ? limits.quarantine().toNanos() : backOffNanos();
        notBeforeNanos = System.nanoTime() + wait;
    }

    /** Twice as long each time, half of it by chance, so that many do not come back at the same moment. */
    private long backOffNanos() {
        long longest = Math.min(LONGEST_WAIT_NANOS, FIRST_WAIT_NANOS << Math.min(inARow - 1, 20));
        return longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2);
    }

    /** It did well; a wait that has begun goes on. */
    void overcome() {
        inARow = 0;
    }

    /** As if there had been none. */
    void forget() {
        inARow = 0;
        notBeforeNanos = System.nanoTime();
    }
}
