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
 * Small files that were read and sent to persistent workers, and whose outcomes are pending, so that the thread
 * continues to read while the workers process them. The batch holds one process of each worker until {@link #await}.
 * Belongs to one thread, which closes it.
 */
final class WorkerBatch implements AutoCloseable {
    private static final int MAX_FILES = 32;
    private static final long MAX_BYTES = 1 << 20;
    private static final long PATIENCE_NANOS = 100_000_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    /**
     * A file whose worker outcomes are pending.
     *
     * @param status of the file when it was read
     * @param scanned the outcome of the read and the digests
     * @param outcomes by worker; incomplete if a process failed at an earlier file
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

    /** Whether all workers accept small files without being awaited after each. */
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
     * Sends a file to every available worker. A worker that was unavailable is not tried again for this batch: all
     * threads acquire processes in the same order to avoid deadlock, and this thread already holds later ones.
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

    /** Returns the files that were sent since the last {@link #await}, which completes their outcomes. */
    List<Entry> entries() {
        return entries;
    }

    /** Waits until every worker has answered or failed, releases their processes, and empties the batch. */
    void await() throws PosixException {
        var all = List.copyOf(entries);
        entries.clear();
        refused.clear();
        bytes = 0;
        try {
            for (BatchDelivery delivery : deliveries.values()) {
                delivery.starved(); // until now
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

    /** Ends pending deliveries at once; files that still wait are released without a result. */
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

    /** Closes every delivery even if one throws, because no process may see its pipe closed while it runs. */
    private static void closeAll(Iterator<BatchDelivery> deliveries) throws PosixException {
        if (deliveries.hasNext()) {
            try (BatchDelivery delivery = deliveries.next()) {
                closeAll(deliveries);
            }
        }
    }
}
