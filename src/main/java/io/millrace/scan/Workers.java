// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.pagecache.ReadPlan;
import io.millrace.worker.WorkerOutcome;
import io.millrace.worker.WorkerPool;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The workers of a scan; each receives every file.
 *
 * @param pools are owned by the caller, which closes them, and may serve several scans at a time
 * @param scan name of the scan that workers are given
 */
public record Workers(List<WorkerPool> pools, String scan) {
    public static final Workers NONE = new Workers(List.of(), "");

    public Workers {
        pools = List.copyOf(pools);
    }

    boolean isEmpty() {
        return pools.isEmpty();
    }

    /** Returns the outcomes in the order of the pools. */
    List<WorkerOutcome> inOrder(Map<WorkerPool, WorkerOutcome> outcomes) {
        return pools.stream().map(outcomes::get).filter(Objects::nonNull).toList();
    }

    static boolean wereStopped(Map<WorkerPool, WorkerOutcome> outcomes) {
        return outcomes.values().stream().anyMatch(outcome -> outcome.kind() == WorkerOutcome.Kind.STOPPED);
    }

    /**
     * If there are several consumers, or pages are to be spliced, pages have to stay in the page cache until all
     * consumers have processed them.
     */
    ReadPlan.Wish wish(ReadPlan.Wish alone, long sizeBytes, boolean digests) {
        int consumers = pools.size() + (digests ? 1 : 0);
        boolean needsPages = !isEmpty() && (consumers > 1 || sizeBytes > WorkerFeed.SMALL_BYTES);
        return needsPages ? alone.thatNeedsPages() : alone;
    }
}
