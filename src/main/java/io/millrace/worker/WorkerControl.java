// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import java.util.List;

/** The requests that workers accept. Any thread. */
public interface WorkerControl {
    /** Ordered by name; each includes the processes of its former configuration while they run. */
    List<WorkerStatus> statuses();

    /**
     * Replaces every process: an idle one at once, a busy one after its file. Ends a quarantine. Waits for the end of
     * the former idle ones, at most twice the stop-timeout.
     *
     * @throws IllegalArgumentException if there is no such worker
     */
    void restart(String name);
}
