// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.pagecache.CacheEffect;
import io.millrace.pagecache.ReadPlan;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.walk.OpenedFile;
import io.millrace.worker.FileHeader;
import io.millrace.worker.WorkerOutcome;
import io.millrace.worker.WorkerPool;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file again for workers that have not received it, or failed at it and have retries left. Shared by the
 * threads of a scan.
 */
final class WorkerRetry {
    private final Workers workers;
    private final ScanProgress progress;
    private final FileReadPass pass;

    WorkerRetry(Workers workers, ScanProgress progress, FileReadPass pass) {
        this.workers = workers;
        this.progress = progress;
        this.pass = pass;
    }

    /** Effect on the page cache, and the offset up to which the fastest consumer read. */
    record Result(CacheEffect effect, long frontBytes) {
        static final Result NONE = new Result(CacheEffect.NONE, 0);
    }

    /** Whether a worker has to be tried (again). */
    boolean isDue(Map<WorkerPool, WorkerOutcome> outcomes) {
        return !progress.isStopping() && !due(outcomes, Set.of()).isEmpty();
    }

    /**
     * Reads the file again for those workers, at most as often as configured for each, and completes {@code outcomes}.
     */
    Result run(
            OpenedFile file,
            ReadPlan plan,
            DigestBuffer digestBuffer,
            FileHeader head,
            Map<WorkerPool, WorkerOutcome> outcomes)
            throws PosixException, InterruptedException {
        var givenUp = new HashSet<WorkerPool>();
        Result all = Result.NONE;
        List<WorkerPool> again = due(outcomes, givenUp);
        while (!again.isEmpty() && !progress.isStopping()) {
            var result = pass.again(file, plan, digestBuffer, again, head);
            for (WorkerPool pool : again) {
                WorkerOutcome outcome = result.outcomes().get(pool);
                if (outcome == null) { // the pass itself failed
                    outcome = WorkerOutcome.abandoned(pool.spec(), String.valueOf(result.failure()));
                }
                note(pool, outcome, outcomes, givenUp);
            }
            all = new Result(all.effect().plus(result.effect()), Math.max(all.frontBytes(), result.frontBytes()));
            again = due(outcomes, givenUp);
        }
        return all;
    }

    private static void note(
            WorkerPool pool, WorkerOutcome outcome, Map<WorkerPool, WorkerOutcome> outcomes, Set<WorkerPool> givenUp) {
        WorkerOutcome before = outcomes.get(pool);
        if (before == null) {
            outcomes.put(pool, outcome);
        } else if (outcome.kind() == WorkerOutcome.Kind.QUARANTINED) {
            givenUp.add(pool); // the outcome that led to the quarantine says more
        } else {
            outcomes.put(pool, outcome.after(before));
        }
    }

    private List<WorkerPool> due(Map<WorkerPool, WorkerOutcome> outcomes, Set<WorkerPool> givenUp) {
        return workers.pools().stream()
                .filter(pool -> !givenUp.contains(pool) && isDue(pool, outcomes.get(pool)))
                .toList();
    }

    private static boolean isDue(WorkerPool pool, @Nullable WorkerOutcome outcome) {
        return outcome == null
                || outcome.kind().isWorkersFault()
                        && outcome.attempts() <= pool.spec().limits().retries();
    }
}
