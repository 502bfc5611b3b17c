// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

/** Hears of workers. Called by the threads that feed them, several at a time. */
public interface WorkerListener {
    /**
     * A process wrote a line to its standard error, or to its terminal.
     *
     * @param line printable, escapes included
     */
    default void line(String worker, int pid, String line) {}

    /** A process will be replaced, or the next one has to wait: one line on why. */
    default void restarts(String worker, String reason) {}

    /** No process of it will be started for a while: one line on why. */
    default void quarantined(String worker, String reason) {}
}
