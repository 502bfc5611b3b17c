// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import io.millrace.scan.FileResult;
import io.millrace.scan.job.ScanServiceListener;
import io.millrace.worker.WorkerPools;

/** Records the outcome of each file at each worker in the status of the worker. Any thread. */
record WorkerOutcomes(WorkerPools workers) implements ScanServiceListener {
    @Override
    public void fileFinished(String scan, FileResult result) {
        result.workers().forEach(workers::finished);
    }
}
