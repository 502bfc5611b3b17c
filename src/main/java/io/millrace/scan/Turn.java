// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

/**
 * Lets threads do one thing after another in the order of their numbers, 0 first. What a thread wrote in its turn is
 * visible in the next.
 */
final class Turn {
    /** About what a neighbour needs to finish a checksum; longer waits are worth a sleep. */
    private static final int SPINS = 2_000;

    private volatile long current;
    private volatile boolean cancelled;

    /** Waits for this number's turn; false if {@link #cancel} came first. */
    boolean await(long number) throws InterruptedException {
        for (int i = 0; i < SPINS && current != number && !cancelled; i++) {
            Thread.onSpinWait();
        }
        if (current != number) {
            synchronized (this) {
                while (current != number && !cancelled) {
                    wait();
                }
            }
        }
        return !cancelled;
    }

    /** Ends the present turn. */
    synchronized void pass() {
        current++;
        notifyAll();
    }

    /** There will be no more turns. */
    synchronized void cancel() {
        cancelled = true;
        notifyAll();
    }
}
