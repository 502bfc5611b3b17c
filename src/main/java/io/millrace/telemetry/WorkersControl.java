// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.worker.WorkerPools;
import io.millrace.worker.WorkerStatus;
import java.util.List;

/** Delegates to the real workers. */
record WorkersControl(WorkerPools workers) implements Controls.OfWorkers {
    @Override
    public List<WorkerStatus> statuses() {
        return workers.statuses();
    }

    @Override
    public void restart(String name) {
        workers.restart(name);
    }
}
