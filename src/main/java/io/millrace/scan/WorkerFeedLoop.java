// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.files.DrainPause;
import io.millrace.pagecache.Window;
import io.millrace.posix.PipeCalls.Pipe;
import io.millrace.posix.PipeCalls.PipeFlag;
import io.millrace.posix.Poll;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.throttle.ReadGate;
import io.millrace.worker.Delivery;
import io.millrace.worker.FileHeader;
import io.millrace.worker.UnavailableException;
import io.millrace.worker.WorkerOutcome;
import io.millrace.worker.WorkerPool;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Feeds one file to its workers with a poll loop over their pipes. It waits for room in a pipe, for output of a worker,
 * for the exit of a process and, if digests are computed at the same time, for the window to move. Belongs to the
 * thread that created it, which closes it.
 */
final class WorkerFeedLoop implements AutoCloseable {
    /** Upper bound of the delay before a stop request is noticed. */
    private static final long PATIENCE_NANOS = 100_000_000;

    private static final long NANOS_PER_MILLI = 1_000_000;

    /** The byte that is written to the wake-up pipe; its value does not matter. */
    private static final NativeBuffer ONE = NativeBuffer.allocate(1);

    private final Posix posix;
    private final Window window;
    private final ReadGate gate;
    private final ScanProgress progress;
    private final Map<WorkerPool, WorkerFeed> feeds = new LinkedHashMap<>();
    private final Map<WorkerPool, WorkerOutcome> outcomes = new HashMap<>();
    private final List<Poll> polls = new ArrayList<>();
    private final AtomicBoolean asleep = new AtomicBoolean();
    private final DrainPause pause = new DrainPause();
    private final @Nullable Pipe wake;
    private final Thread feeder = Thread.currentThread();
    private @Nullable Throwable failure;

    /** {@code beside}: whether other threads use the same window. */
    WorkerFeedLoop(Posix posix, Window window, ReadGate gate, ScanProgress progress, boolean beside)
            throws PosixException {
        this.posix = posix;
        this.window = window;
        this.gate = gate;
        this.progress = progress;
        this.wake = beside ? posix.pipes().pipe(Set.of(PipeFlag.NONBLOCK)) : null;
    }

    /**
     * Starts a delivery to each worker; a worker without an available process gets that as its outcome. Call this
     * before any consumer moves in the window.
     */
    void begin(List<WorkerPool> pools, FileHeader head, OwnedFd file, int readBytes)
            throws PosixException, InterruptedException {
        boolean isSmall = head.bytes() <= WorkerFeed.SMALL_BYTES;
        for (WorkerPool pool : pools) {
            try {
                feeds.put(pool, feed(pool.begin(head, progress::isWaitOver), file, readBytes, isSmall));
            } catch (UnavailableException e) {
                outcomes.put(pool, e.outcome());
            }
        }
    }

    private WorkerFeed feed(Delivery delivery, OwnedFd file, int readBytes, boolean isSmall) throws PosixException {
        try {
            return new WorkerFeed(file, window, delivery, gate, readBytes, isSmall);
        } catch (RuntimeException | Error e) {
            delivery.close();
            throw e;
        }
    }

    /** Wakes the loop after other consumers have moved in the window. Any thread. */
    void windowMoved() {
        if (wake != null && Thread.currentThread() != feeder && asleep.compareAndSet(true, false)) {
            try {
                var unused = posix.io().writeNoWait(wake.writeEnd(), ONE, 0, 1);
            } catch (PosixException e) {
                throw new IllegalStateException("a pipe of our own takes nothing", e);
            }
        }
    }

    /**
     * Feeds the workers until each has an outcome.
     *
     * @param othersFailure why another consumer could not read the file; null if it did not fail
     */
    void run(NativeBuffer shared, Supplier<@Nullable Throwable> othersFailure) throws PosixException {
        feeds.values().forEach(WorkerFeed::start);
        while (!isOver()) {
            asleep.set(wake != null);
            push(shared);
            Throwable others = othersFailure.get();
            if (failure == null && others != null) {
                abandon(others);
            }
            if (progress.isStopping()) {
                stop();
            }
            await(shared);
            for (WorkerFeed feed : feeds.values()) {
                feed.happened();
            }
            letDrain();
        }
        feeds.forEach((pool, feed) -> feed.delivery().outcome().ifPresent(outcome -> outcomes.put(pool, outcome)));
    }

    private boolean isOver() {
        return feeds.values().stream()
                .allMatch(feed -> feed.delivery().outcome().isPresent());
    }

    private void push(NativeBuffer shared) throws PosixException {
        for (WorkerFeed feed : feeds.values()) {
            try {
                if (failure == null) {
                    feed.push(shared);
                }
            } catch (IOException | RuntimeException e) {
                abandon(e);
            }
        }
    }

    /** The file cannot be read to its end, so no worker may take it for complete. */
    private void abandon(Throwable why) throws PosixException {
        failure = why;
        for (WorkerFeed feed : feeds.values()) {
            feed.delivery().abandon(describe(why));
        }
    }

    private static String describe(Throwable why) {
        return why instanceof EOFException ? "the file shrank: " + why.getMessage() : String.valueOf(why.getMessage());
    }

    private void stop() throws PosixException {
        for (WorkerFeed feed : feeds.values()) {
            feed.delivery().end(WorkerOutcome.Kind.STOPPED, "the scan was stopped");
        }
    }

    private void await(NativeBuffer shared) throws PosixException {
        polls.clear();
        boolean excused = gate.nanosUntilFree() > 0;
        long wait = gate.isFree() ? PATIENCE_NANOS : Math.min(PATIENCE_NANOS, gate.nanosUntilFree());
        for (WorkerFeed feed : feeds.values()) {
            if (feed.delivery().outcome().isEmpty()) {
                wait = Math.min(wait, feed.delivery().nanosUntilDue());
                excused |= feed.awaitsWorker();
                feed.addTo(polls);
            }
        }
        if (excused) {
            progress.moved(); // workers and rate limits have their own timeouts
        }
        var woken = wake == null ? null : Poll.forInput(wake.readEnd());
        if (woken != null) {
            polls.add(woken);
        }
        var unused = posix.pipes().poll(polls, (int) ((wait + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI));
        asleep.set(false);
        if (wake != null && woken != null && woken.isReady()) {
            unused = posix.io().readNoWait(wake.readEnd(), shared); // its content may be overwritten
        }
    }

    /**
     * Pauses so that workers drain their pipes before these are filled again, unless a worker waits for something else.
     */
    private void letDrain() throws PosixException {
        boolean anyFull = false;
        for (WorkerFeed feed : feeds.values()) {
            if (!feed.mayPause()) {
                return;
            }
            anyFull |= feed.isFull();
        }
        if (!anyFull) {
            return;
        }
        pause.await();
        Delivery emptiest = null;
        int leastBytes = Integer.MAX_VALUE;
        for (WorkerFeed feed : feeds.values()) {
            int pendingBytes = feed.isFull() ? feed.delivery().pendingBytes() : Integer.MAX_VALUE;
            emptiest = pendingBytes < leastBytes ? feed.delivery() : emptiest;
            leastBytes = Math.min(leastBytes, pendingBytes);
        }
        if (emptiest != null) {
            pause.adapt(leastBytes, emptiest.pipeBytes());
        }
    }

    /** Returns why the file could not be read to its end; null if it was, or if no worker needed the rest. */
    @Nullable Throwable failure() {
        return failure;
    }

    /** Returns the outcome of each worker. */
    Map<WorkerPool, WorkerOutcome> outcomes() {
        return outcomes;
    }

    /** Ends pending deliveries at once. Other threads may still move in the window and call {@link #windowMoved}. */
    void end() throws PosixException {
        endAll(feeds.values().iterator());
    }

    /** Closes every feed even if one throws, because no process may see its pipe closed while it runs. */
    private static void endAll(Iterator<WorkerFeed> feeds) throws PosixException {
        if (feeds.hasNext()) {
            try (WorkerFeed feed = feeds.next()) {
                endAll(feeds);
            }
        }
    }

    /** Ends pending deliveries at once. Call this after the last move of other threads in the window. */
    @Override
    public void close() throws PosixException {
        try {
            end();
        } finally {
            if (wake != null) {
                wake.close();
            }
        }
    }
}
