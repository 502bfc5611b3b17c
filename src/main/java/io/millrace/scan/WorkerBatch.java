// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.posix.FileStatus;
import io.millrace.posix.Poll;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.walk.WalkEntry;
import io.millrace.worker.BatchDelivery;
import io.millrace.worker.FileHeader;
import io.millrace.worker.UnavailableException;
import io.millrace.worker.WorkerOutcome;
import io.millrace.worker.WorkerPool;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Small files that were read, given to persistent workers, and wait for the answers: a thread goes on reading while the
 * workers work. It holds one process of each worker until {@link #await}. One thread.
 */
final class WorkerBatch implements AutoCloseable {
    private static final int MAX_FILES = 32;
    private static final long MAX_BYTES = 1 << 20;
    private static final long PATIENCE_NANOS = 100_000_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    /**
     * A file that lacks only its outcomes.
     *
     * @param status of the file when it was read
     * @param scanned what became of it otherwise
     * @param outcomes by worker; incomplete where a process failed at a file before it
     */
    record Entry(
            WalkEntry found,
            FileStatus status,
            ScanOutcome scanned,
            FileHeader head,
            Map<WorkerPool, WorkerOutcome> outcomes) {}

    private final Posix posix;
    private final ScanProgress progress;
    private final List<WorkerPool> pools;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<WorkerPool, BatchDelivery> deliveries = new LinkedHashMap<>();
    private final Set<WorkerPool> refused = new HashSet<>();
    private long bytes;

    WorkerBatch(Posix posix, ScanProgress progress, List<WorkerPool> pools) {
        this.posix = posix;
        this.progress = progress;
        this.pools = pools;
    }

    /** Whether these workers take small files without being waited for at each. */
    boolean isPossible() {
        return !pools.isEmpty() && pools.stream().allMatch(WorkerPool::takesBatches);
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    boolean isFull() {
        return entries.size() >= MAX_FILES || bytes >= MAX_BYTES;
    }

    /**
     * Gives a file to every worker that can be had. One that could not once is not asked again for this batch: processes
     * are taken in one order by all threads, and those behind it are held already.
     */
    void post(Entry entry, ByteBuffer content) throws PosixException, InterruptedException {
        for (WorkerPool pool : pools) {
            BatchDelivery delivery = deliveries.get(pool);
            if (delivery == null && !refused.contains(pool)) {
                try {
                    delivery = pool.beginBatch(entry.head(), progress::isWaitOver);
                    deliveries.put(pool, delivery);
                } catch (UnavailableException e) {
                    refused.add(pool);
                    entry.outcomes().put(pool, e.outcome());
                }
            }
            if (delivery != null) {
                delivery.post(entry.head(), content.duplicate());
            }
        }
        entries.add(entry);
        bytes += entry.head().bytes();
    }

    /** What was posted since the last {@link #await}; each gets its outcomes there. */
    List<Entry> entries() {
        return entries;
    }

    /** Waits until every worker has answered or failed, gives their processes back, and is empty again. */
    void await() throws PosixException {
        var all = List.copyOf(entries);
        entries.clear();
        refused.clear();
        bytes = 0;
        try {
            for (BatchDelivery delivery : deliveries.values()) {
                delivery.starved(); // till now
                delivery.end();
            }
            while (!isOver()) {
                if (progress.isWaitOver()) {
                    for (BatchDelivery delivery : deliveries.values()) {
                        delivery.end(WorkerOutcome.Kind.STOPPED, "the scan was stopped");
                    }
                }
                poll();
            }
            deliveries.forEach((pool, delivery) -> all.forEach(entry -> delivery.outcomeOf(entry.head())
                    .ifPresent(outcome -> entry.outcomes().put(pool, outcome))));
        } finally {
            close();
        }
    }

    private boolean isOver() {
        return deliveries.values().stream()
                .allMatch(delivery -> delivery.outcome().isPresent());
    }

    private void poll() throws PosixException {
        List<Poll> polls = new ArrayList<>();
        long wait = PATIENCE_NANOS;
        for (BatchDelivery delivery : deliveries.values()) {
            if (delivery.outcome().isEmpty()) {
                delivery.addTo(polls, false);
                wait = Math.min(wait, delivery.nanosUntilDue());
            }
        }
        var unused = posix.pipes().poll(polls, (int) ((wait + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI));
        for (BatchDelivery delivery : deliveries.values()) {
            delivery.happened();
        }
    }

    /** Ends what has no outcome, at once; of files that still wait nothing is told. */
    @Override
    public void close() throws PosixException {
        entries.forEach(entry -> entry.found().release());
        entries.clear();
        try {
            closeAll(deliveries.values().iterator());
        } finally {
            deliveries.clear();
        }
    }

    /** All of them, whatever one of them throws: no process may see its pipe closed while it runs. */
    private static void closeAll(Iterator<BatchDelivery> deliveries) throws PosixException {
        if (deliveries.hasNext()) {
            try (BatchDelivery delivery = deliveries.next()) {
                closeAll(deliveries);
            }
        }
    }
}
