// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import java.util.List;

/** Receives events of workers. Called by the threads that deliver files, several at a time. */
public interface WorkerListener {
    /**
     * Called when a process wrote a line to its standard error, or to its terminal.
     *
     * @param line printable, control characters escaped
     */
    default void line(String worker, int pid, String line) {}

    /** Called when a process will be replaced, or the next start is delayed; {@code reason} is one line. */
    default void restarts(String worker, String reason) {}

    /** The same with the kind of reason, for metrics. Implement only one of the two. */
    default void restarts(String worker, RestartReason kind, String reason) {
        restarts(worker, reason);
    }

    /**
     * Called when a process could not be terminated or reaped and was given up; {@code reason} is one line.
     * {@code workers}: those that it may belong to.
     */
    default void couldNotEnd(List<String> workers, String reason) {}

    /** Called when a worker is quarantined: no process is started for a while; {@code reason} is one line. */
    default void quarantined(String worker, String reason) {}
}
