// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Counts consecutive failures of a worker and computes the exponential back-off before the next start. Guarded by its
 * pool.
 */
final class RestartBackoff {
    private static final long FIRST_WAIT_NANOS = 100_000_000;
    private static final long LONGEST_WAIT_NANOS = 30_000_000_000L;

    private final WorkerSpec.Limits limits;
    private int inARow;

    /** Earliest start of a new process; relevant only after a failure. */
    private long notBeforeNanos = System.nanoTime();

    RestartBackoff(WorkerSpec.Limits limits) {
        this.limits = limits;
    }

    int inARow() {
        return inARow;
    }

    /** Time until a new process may start; 0 or less means now. */
    long waitNanos() {
        return notBeforeNanos - System.nanoTime();
    }

    /** Whether there were so many failures that callers no longer wait for the next attempt. */
    boolean areTooMany() {
        return inARow >= limits.quarantineAfter();
    }

    void another() {
        inARow++;
        long wait = areTooMany() ? limits.quarantine().toNanos() : backOffNanos();
        notBeforeNanos = System.nanoTime() + wait;
    }

    /**
     * Doubles the delay each time. Half of it is random jitter, so that many workers do not restart at the same
     * moment.
     */
    private long backOffNanos() {
        long longest = Math.min(LONGEST_WAIT_NANOS, FIRST_WAIT_NANOS << Math.min(inARow - 1, 20));
        return longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2);
    }

    /** Resets the count after a success; a delay in progress continues. */
    void overcome() {
        inARow = 0;
    }

    /** Resets the count and the delay. */
    void forget() {
        inARow = 0;
        notBeforeNanos = System.nanoTime();
    }
}
