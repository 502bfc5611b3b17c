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
 * One file's bytes on their way to its workers: a loop over their pipes in one thread. It waits for room in a pipe, for
 * what a worker says, for a process to end, and, with digests beside it, for the window to move on.
 */
final class WorkerFeedLoop implements AutoCloseable {
    /** How soon a wish to stop is heard. */
    private static final long PATIENCE_NANOS = 100_000_000;

    private static final long NANOS_PER_MILLI = 1_000_000;

    /** What is written to wake a loop: any byte. */
    private static final NativeBuffer ONE = NativeBuffer.allocate(1);

    private final Posix posix;
    private final Window window;
    private final ReadGate pace;
    private final ScanProgress progress;
    private final Map<WorkerPool, WorkerFeed> feeds = new LinkedHashMap<>();
    private final Map<WorkerPool, WorkerOutcome> outcomes = new HashMap<>();
    private final List<Poll> polls = new ArrayList<>();
    private final AtomicBoolean asleep = new AtomicBoolean();
    private final DrainPause pause = new DrainPause();
    private final @Nullable Pipe wake;
    private final Thread feeder = Thread.currentThread();
    private @Nullable Throwable failure;

    /** {@code beside}: whether other threads move in the same window. */
    WorkerFeedLoop(Posix posix, Window window, ReadGate pace, ScanProgress progress, boolean beside)
            throws PosixException {
        this.posix = posix;
        this.window = window;
        this.pace = pace;
        this.progress = progress;
        this.wake = beside ? posix.pipes().pipe(Set.of(PipeFlag.NONBLOCK)) : null;
    }

    /** Begins with each worker; where no process can be had, that is its outcome. Before anybody moves in the window. */
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
            return new WorkerFeed(file, window, delivery, pace, readBytes, isSmall);
        } catch (RuntimeException | Error e) {
            delivery.close();
            throw e;
        }
    }

    /** To be called, from any thread, when others have moved in the window. */
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
     * Feeds until every worker has an outcome.
     *
     * @param othersFailure why another consumer could not read the file; null while all is well
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

    /** The file cannot be read to its end, so none of its workers may think that it was. */
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
        boolean excused = pace.nanosUntilFree() > 0;
        long wait = pace.isFree() ? PATIENCE_NANOS : Math.min(PATIENCE_NANOS, pace.nanosUntilFree());
        for (WorkerFeed feed : feeds.values()) {
            if (feed.delivery().outcome().isEmpty()) {
                wait = Math.min(wait, feed.delivery().nanosUntilDue());
                excused |= feed.awaitsWorker();
                feed.addTo(polls);
            }
        }
        if (excused) {
            progress.moved(); // workers and rates have their own limits
        }
        var woken = wake == null ? null : Poll.forInput(wake.readEnd());
        if (woken != null) {
            polls.add(woken);
        }
        var unused = posix.pipes().poll(polls, (int) ((wait + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI));
        asleep.set(false);
        if (wake != null && woken != null && woken.isReady()) {
            unused = posix.io().readNoWait(wake.readEnd(), shared); // nobody needs what is in it now
        }
    }

    /** Lets workers read on before their pipes are filled again, unless one of them waits for something else. */
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

    /** Why the file could not be read to its end; null where it was, or no worker wanted its end. */
    @Nullable Throwable failure() {
        return failure;
    }

    /** How each worker fared. */
    Map<WorkerPool, WorkerOutcome> outcomes() {
        return outcomes;
    }

    /** Ends what is not over, at once; others may still move in the window, and say so. */
    void end() throws PosixException {
        endAll(feeds.values().iterator());
    }

    /** All of them, whatever one of them throws: no process may see its pipe closed while it runs. */
    private static void endAll(Iterator<WorkerFeed> feeds) throws PosixException {
        if (feeds.hasNext()) {
            try (WorkerFeed feed = feeds.next()) {
                endAll(feeds);
            }
        }
    }

    /** Ends what is not over, at once. After the last move of others in the window. */
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
