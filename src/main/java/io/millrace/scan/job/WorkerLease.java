// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.job;

import io.millrace.scan.Workers;
import io.millrace.worker.WorkerPools;
import java.util.List;

/** The workers that one scan uses. The scan's job closes it when the scan has ended. */
record WorkerLease(Workers workers, Runnable end) implements AutoCloseable {
    static WorkerLease none(String scan) {
        return new WorkerLease(new Workers(List.of(), scan), () -> {});
    }

    static WorkerLease of(WorkerPools.Lease lease, String scan) {
        return new WorkerLease(new Workers(lease.pools(), scan), lease::close);
    }

    @Override
    public void close() {
        end.run();
    }
}
