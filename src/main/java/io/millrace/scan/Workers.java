// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.worker.WorkerPool;
import java.util.List;

/**
 * The workers of a scan, which get every file.
 *
 * @param pools stay the caller's, and may serve several scans at a time
 * @param scan what workers are told to be the name of the pass
 */
public record Workers(List<WorkerPool> pools, String scan) {
    public static final Workers NONE = new Workers(List.of(), "");

    public Workers {
        pools = List.copyOf(pools);
    }

    boolean isEmpty() {
        return pools.isEmpty();
    }
}
