// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import java.util.List;

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

    /** The same, with the kind of reason, for those who count; one of the two is enough to hear of it. */
    default void restarts(String worker, RestartReason kind, String reason) {
        restarts(worker, reason);
    }

    /** A process could not be ended or reaped, and was let go: one line on why. {@code workers}: whose it may be. */
    default void couldNotEnd(List<String> workers, String reason) {}

    /** No process of it will be started for a while: one line on why. */
    default void quarantined(String worker, String reason) {}
}
