// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.pagecache.ReadPlan;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.walk.OpenedFile;
import io.millrace.scan.walk.WalkEntry;
import io.millrace.worker.WorkerOutcome;
import io.millrace.worker.WorkerPool;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Completes small files that were sent to persistent workers in a {@link WorkerBatch}: waits for the outcomes, reads
 * files again for workers that failed, and reports the results. Shared by the threads of a scan; it owns nothing that
 * has to be closed.
 */
final class BatchCompletion {
    private final Posix posix;
    private final ScanOptions options;
    private final Workers workers;
    private final FileOpener visits;
    private final WorkerRetry retry;
    private final ScanOutcome.Listener listener;
    private final Consumer<WorkerBatch.Entry> leftovers;

    BatchCompletion(
            Posix posix,
            ScanOptions options,
            Workers workers,
            FileOpener visits,
            WorkerRetry retry,
            ScanOutcome.Listener listener,
            Consumer<WorkerBatch.Entry> leftovers) {
        this.posix = posix;
        this.options = options;
        this.workers = workers;
        this.visits = visits;
        this.retry = retry;
        this.listener = listener;
        this.leftovers = leftovers;
    }

    /**
     * Waits for the outcomes of the files in a batch and reports them. Files that have to be read again go to
     * {@code leftovers}.
     */
    void tellAll(WorkerBatch batch) {
        var waiting = List.copyOf(batch.entries());
        PosixException failure = null;
        try {
            batch.await();
        } catch (PosixException e) {
            failure = e;
        }
        for (WorkerBatch.Entry entry : waiting) {
            if (failure != null) {
                listener.onScanned(entry.found(), failed(entry, failure));
            } else if (retry.isDue(entry.outcomes())) {
                leftovers.accept(entry);
            } else {
                listener.onScanned(entry.found(), complete(entry, WorkerRetry.Result.NONE, Optional.empty()));
            }
        }
    }

    /** Reads a file of a batch again for the workers that still need it, and reports its result. */
    void finish(WorkerBatch.Entry entry, DigestBuffer digestBuffer) throws InterruptedException {
        WalkEntry found = entry.found();
        ScanOutcome scanned = ScanOutcome.NOTHING;
        try (var visit = visits.begin(found, () -> {})) {
            OpenedFile now = visit.file();
            boolean isSame = now.status().isSameFileAs(entry.status());
            var file = new OpenedFile(now.fd(), entry.status(), now.traits()); // with the status as it was digested
            Optional<String> change = isSame ? file.change(posix) : Optional.of("was replaced while it was read");
            var again = WorkerRetry.Result.NONE;
            if (change.isEmpty()) {
                var plan = ReadPlan.choose(
                        posix,
                        file.traits(),
                        file.fd(),
                        workers.wish(options.wish(), file.status().sizeBytes(), false));
                again = retry.run(file, plan, digestBuffer, entry.head(), entry.outcomes());
                change = file.change(posix);
            } else {
                abandon(entry, change.get());
            }
            scanned = complete(entry, again, change.map(how -> found.path() + ": " + how));
        } catch (IOException e) {
            scanned = failed(entry, e);
        } finally {
            listener.onScanned(found, scanned);
        }
    }

    private void abandon(WorkerBatch.Entry entry, String why) {
        for (WorkerPool pool : workers.pools()) {
            entry.outcomes().putIfAbsent(pool, WorkerOutcome.abandoned(pool.spec(), why));
        }
    }

    private ScanOutcome complete(WorkerBatch.Entry entry, WorkerRetry.Result again, Optional<String> change) {
        Map<WorkerPool, WorkerOutcome> outcomes = entry.outcomes();
        boolean stopped = outcomes.size() < workers.pools().size() || Workers.wereStopped(outcomes);
        FileResult read = entry.scanned().result();
        FileResult result =
                stopped || read == null ? null : read.with(workers.inOrder(outcomes), change.or(read::change));
        return new ScanOutcome(
                result,
                entry.scanned().effect().plus(again.effect()),
                entry.scanned().bytes());
    }

    private ScanOutcome failed(WorkerBatch.Entry entry, IOException why) {
        return ScanOutcome.failed(
                entry.found(),
                System.nanoTime(),
                entry.scanned().bytes(),
                entry.scanned().effect(),
                workers.inOrder(entry.outcomes()),
                ScanOutcome.describe(entry.found(), why));
    }
}
