// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.pagecache.ReadPlan;
import io.millrace.worker.WorkerOutcome;
import io.millrace.worker.WorkerPool;
import java.util.List;
import java.util.Map;
import java.util.Objects;

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

    /** Outcomes in the order of the pools. */
    List<WorkerOutcome> inOrder(Map<WorkerPool, WorkerOutcome> outcomes) {
        return pools.stream().map(outcomes::get).filter(Objects::nonNull).toList();
    }

    static boolean wereStopped(Map<WorkerPool, WorkerOutcome> outcomes) {
        return outcomes.values().stream().anyMatch(outcome -> outcome.kind() == WorkerOutcome.Kind.STOPPED);
    }

    /** Where several want the bytes, or pages are to be spliced, they have to stay until all have passed. */
    ReadPlan.Wish wish(ReadPlan.Wish alone, long sizeBytes, boolean digests) {
        int consumers = pools.size() + (digests ? 1 : 0);
        boolean needsPages = !isEmpty() && (consumers > 1 || sizeBytes > WorkerFeed.SMALL_BYTES);
        return needsPages ? alone.thatNeedsPages() : alone;
    }
}
