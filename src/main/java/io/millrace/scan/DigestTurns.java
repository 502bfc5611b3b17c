// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

/**
 * Orders the threads of a {@link DigestPipeline} that digest the chunks they have read: chunks are digested in the
 * order of the numbers that they got when they were claimed. A thread whose turn has not come spins for about the time
 * that a digest of one chunk takes, because that is shorter than sleeping and being woken, and then sleeps. Any thread.
 */
final class DigestTurns {
    private static final int MAX_SPINS = 500;

    /** Number of the chunk that may be digested now. */
    private volatile long turn;

    private volatile boolean failed;

    /** Number of sleeping threads; written under the lock. */
    private volatile int sleepers;

    /**
     * Waits until all chunks before this one have been digested.
     *
     * @return false if the pipeline has failed
     */
    boolean await(long number) throws InterruptedException {
        for (int spins = 0; turn != number && spins < MAX_SPINS; spins++) {
            Thread.onSpinWait();
        }
        if (turn != number) {
            sleepUntil(number);
        }
        return !failed;
    }

    private synchronized void sleepUntil(long number) throws InterruptedException {
        sleepers++;
        try {
            while (turn != number && !failed) {
                wait();
            }
        } finally {
            sleepers--;
        }
    }

    /** Passes the turn to the next chunk, after chunk {@code number} has been digested. */
    void end(long number) {
        turn = number + 1;
        if (sleepers > 0) { // a thread that goes to sleep later sees the new number
            wakeAll();
        }
    }

    private synchronized void wakeAll() {
        notifyAll();
    }

    /** Makes every {@link #await} return false. */
    void fail() {
        failed = true;
        wakeAll();
    }
}
