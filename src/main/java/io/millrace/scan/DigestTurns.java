// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

/**
 * The order in which the threads of a {@link DigestPipeline} pass the chunks that each of them has read itself to the digests: by the
 * number that a chunk got when it was claimed. A thread whose turn has not come spins for about the time that a digest of
 * one chunk takes, because that is shorter than to sleep and be woken, and then sleeps. Any thread.
 */
final class DigestTurns {
    private static final int MAX_SPINS = 500;

    /** Number of the chunk whose turn it is. */
    private volatile long turn;

    private volatile boolean failed;

    /** Threads that sleep; changes under the lock. */
    private volatile int sleepers;

    /**
     * Waits until all chunks before this one have passed the digests.
     *
     * @return false where one of them never will
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

    /** The chunk whose turn it was has passed the digests. */
    void end(long number) {
        turn = number + 1;
        if (sleepers > 0) { // whoever comes to sleep later sees the new number
            wakeAll();
        }
    }

    private synchronized void wakeAll() {
        notifyAll();
    }

    /** No chunk has a turn any more. */
    void fail() {
        failed = true;
        wakeAll();
    }
}
