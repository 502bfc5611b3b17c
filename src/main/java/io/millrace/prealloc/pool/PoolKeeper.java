// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import io.millrace.files.WakeupPipe;
import io.millrace.lifecycle.CancellationToken;
import io.millrace.lifecycle.ThreadShortageException;
import io.millrace.posix.InotifyEvent;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.NativeCall;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import io.millrace.prealloc.AllocationListener;
import io.millrace.prealloc.pool.PoolFiller.Trouble;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one pool full, in its own thread, which sleeps in poll(2) while no file is claimed. All state of the directory
 * belongs to that thread; other threads read a {@link PoolSnapshot}, and make requests by {@link #resize},
 * {@link #refill} and {@link #stop}.
 */
final class PoolKeeper {
    private static final long SECOND = 1_000_000_000;

    /** Longest time that a change without an event can go unnoticed. */
    private static final long LOOK_NANOS = 10 * SECOND;

    /** Longest time that the path can lead to another directory unnoticed: an idle pool wakes once in this time. */
    private static final long PATH_NANOS = 3 * SECOND;

    private static final long THOROUGH_LOOK_NANOS = 60 * SECOND;

    /** Interval of directory scans if there is no watch. */
    private static final long UNWATCHED_LOOK_NANOS = SECOND;

    private static final long STUCK_NANOS = 30 * SECOND;
    private static final Duration MIN_STALL = Duration.ofSeconds(5);
    private static final long PREDECESSOR_MILLIS = 200;
    private static final long MILLI = 1_000_000;
    private static final int MAX_READS = 64;
    private static final int SIGTERM = 15;

    private final Posix posix;
    private final BytePath state;
    private final PoolListener listener;
    private final PoolTotals totals;
    private final WakeupPipe doorbell;
    private final CancellationToken stop = new CancellationToken();
    private final Thread thread;
    private final PoolDirectory directory;
    private final PoolStateNotifier news;

    private volatile PoolSpec spec;
    private volatile int target;
    private volatile boolean isRefillWanted;
    private volatile PoolSnapshot view;
    private volatile long beatNanos = System.nanoTime();
    private volatile boolean isIdle;
    private volatile @Nullable PoolInventory stock;

    /** Former keepers of this pool or its directory that may still run. */
    private volatile List<PoolKeeper> predecessors = List.of();

    private @Nullable PoolFiller filler;
    private @Nullable Trouble trouble;
    private boolean hasFailed;
    private boolean isDue = true;
    private final RetryPace retries = new RetryPace(System.nanoTime());
    private long retryNanos = System.nanoTime();
    private long lookNanos = System.nanoTime();
    private long thoroughNanos = System.nanoTime();
    private long listedChange;

    PoolKeeper(Posix posix, BytePath state, PoolSpec spec, PoolTotals totals, PoolListener listener) {
        this.posix = posix;
        this.state = state;
        this.spec = spec;
        this.target = spec.ready();
        this.totals = totals;
        this.view = PoolSnapshot.before(totals);
        this.listener = listener;
        this.doorbell = new WakeupPipe(posix);
        this.directory = new PoolDirectory(posix, spec.directory());
        this.news = new PoolStateNotifier(spec.name(), listener, posix);
        this.thread = new Thread(this::run, "millrace-pool-" + spec.name());
        thread.setDaemon(true);
    }

    void start() {
        ThreadShortageException.start(thread);
    }

    /**
     * Must be called before {@link #start}: this keeper waits until these have ended, so that no two work in the same
     * directory or state file.
     */
    void follow(List<PoolKeeper> before) {
        predecessors = List.copyOf(before);
    }

    /** Whether its thread was started and has ended. */
    boolean hasEnded() {
        return !thread.isAlive();
    }

    PoolSpec spec() {
        return spec;
    }

    PoolTotals totals() {
        return totals;
    }

    PoolStatus status() {
        PoolSnapshot now = view;
        Duration stalled = stalled();
        if (stalled.compareTo(MIN_STALL) >= 0) {
            Instant since = Instant.now().minus(stalled).truncatedTo(ChronoUnit.SECONDS);
            now = now.failed(spec.directory() + ": no reply from the kernel since " + since + "; does its mount hang?");
        }
        return now.status(spec.withReady(target), totals);
    }

    /** How long its thread has been blocked in a system call that does not return; zero if it is not. */
    Duration stalled() {
        for (PoolKeeper before : predecessors) {
            if (!before.hasEnded()) {
                return before.stalled();
            }
        }
        long nanos = System.nanoTime() - beatNanos;
        return isIdle || nanos < MIN_STALL.toNanos() || NativeCall.of(thread).isEmpty()
                ? Duration.ZERO
                : Duration.ofNanos(nanos);
    }

    /** The inventory; null before the first directory scan. */
    @Nullable PoolInventory stock() {
        return stock;
    }

    /** Applies a spec that differs only in the number of files. */
    void respec(PoolSpec changed) {
        spec = changed;
        resize(changed.ready());
    }

    void resize(int ready) {
        target = ready;
        doorbell.ring();
    }

    void refill() {
        isRefillWanted = true;
        doorbell.ring();
    }

    /** Whether its thread made progress within the last half minute; each step of a batch counts as progress. */
    boolean isAlive() {
        boolean isStuck = System.nanoTime() - beatNanos >= STUCK_NANOS;
        return thread.isAlive() && (!isStuck || NativeCall.of(thread).isPresent());
    }

    /** Requests its end. */
    void stop() {
        stop.request(SIGTERM);
        doorbell.ring();
    }

    boolean isStopping() {
        return stop.isRequested();
    }

    /**
     * Waits for the end after {@link #stop}, up to a deadline, since a call blocked on an unresponsive device cannot
     * be cancelled.
     */
    void join(long deadlineNanos) throws InterruptedException {
        TimeUnit.NANOSECONDS.timedJoin(thread, deadlineNanos - System.nanoTime());
    }

    private void run() {
        try (doorbell;
                directory) {
            awaitPredecessors();
            while (!stop.isRequested()) {
                beatNanos = System.nanoTime();
                isIdle = false;
                long wait = turn();
                isIdle = true;
                if (!stop.isRequested()) {
                    // After a failed turn the events are still unread, and polling the watch would return at once,
                    // again and again.
                    isDue = doorbell.await(hasFailed ? null : directory.watch(), wait);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // interruption ends the thread
        } catch (PosixException e) {
            throw new IllegalStateException(e); // cannot happen: poll on our own descriptors
        }
    }

    private void awaitPredecessors() throws InterruptedException {
        for (PoolKeeper before : predecessors) {
            while (!before.hasEnded() && !stop.isRequested()) {
                beatNanos = System.nanoTime();
                before.thread.join(PREDECESSOR_MILLIS);
            }
        }
        predecessors = List.of();
    }

    /** @return milliseconds to wait for an event before the next turn */
    private long turn() {
        if (!isDue && !hasFailed && waitNanos() > 0 && directory.isWhereItWas()) {
            return restMillis();
        }
        boolean isRefill = isRefillWanted;
        if (isRefill) {
            isRefillWanted = false; // only here: it may be requested again at any time
        }
        Optional<PoolSnapshot.Space> room = Optional.empty();
        try {
            open();
            room = work(isRefill);
            hasFailed = false;
            if (trouble == null) {
                retries.succeeded(System.nanoTime());
            }
        } catch (IOException | RuntimeException e) {
            String why = e instanceof IOException ? String.valueOf(e.getMessage()) : e.toString();
            trouble = new Trouble(PoolState.FAILED, why);
            hasFailed = true;
            retryNanos = retries.next(System.nanoTime());
            lookNanos = retryNanos;
            thoroughNanos = retryNanos;
        }
        show(room);
        tell();
        return restMillis();
    }

    private long restMillis() {
        long limit = hasFailed ? RetryPace.SLOW_NANOS : PATH_NANOS;
        return (Math.max(0, Math.min(waitNanos(), limit)) + MILLI - 1) / MILLI;
    }

    private void open() throws IOException {
        if (stock == null) {
            PoolSequence ledger = PoolSequence.open(posix, state, spec.name());
            var readyCheck = new ReadyFileCheck(spec, posix.process().effectiveUser());
            AllocationListener course = new AllocationListener() {
                @Override
                public void progressed() {
                    beatNanos = System.nanoTime();
                }
            };
            var opened = new PoolInventory(posix.files(), readyCheck, ledger, listener, course);
            filler = new PoolFiller(posix, opened, ledger, totals, listener, course, spec);
            stock = opened;
        }
    }

    private Optional<PoolSnapshot.Space> work(boolean isRefill) throws IOException {
        PoolInventory here = Objects.requireNonNull(stock);
        PoolFiller maker = Objects.requireNonNull(filler);
        if (isRefill) {
            retryNanos = System.nanoTime();
        }
        try (var visit = enter(here, isRefill)) {
            news.watch(directory.unwatched());
            if (visit.isNew()) {
                here.forget();
                news.directory(spec.directory(), visit);
            }
            hear(here, visit.fd());
            look(here, visit, isRefill || visit.isNew() || here.missedSomething());
            Optional<PoolSnapshot.Space> room = visit.space(spec.reserve());
            int missing = wanted(maker) - here.count();
            if (missing > 0 && System.nanoTime() - retryNanos >= 0) {
                show(room); // creating a file may take long
                maker.fill(visit, missing, stop);
                trouble = maker.trouble();
                retryNanos = trouble == null ? System.nanoTime() : retries.next(System.nanoTime());
                hear(here, visit.fd());
                look(here, visit, here.missedSomething());
            } else if (missing <= 0) {
                trouble = null;
            }
            return room;
        }
    }

    private PoolDirectory.Visit enter(PoolInventory here, boolean acceptsAnother) throws IOException {
        try {
            return directory.enter(acceptsAnother);
        } catch (IOException e) {
            here.forget(); // its files cannot be claimed
            throw e;
        }
    }

    /** Updates the inventory from the events. */
    private void hear(PoolInventory here, OwnedFd in) throws PosixException {
        int claims = 0;
        List<InotifyEvent> events = directory.events();
        for (int reads = 0; !events.isEmpty() && reads < MAX_READS; reads++) {
            claims += here.apply(events, in);
            events = directory.events();
        }
        count(claims);
    }

    /**
     * Finds changes without an event. If there is a watch, a scan is needed only when the directory's mtime has
     * changed.
     */
    private void look(PoolInventory here, PoolDirectory.Visit visit, boolean isDue) throws PosixException {
        long now = System.nanoTime();
        boolean isThorough = isDue || now - thoroughNanos >= 0;
        if (!isThorough && now - lookNanos < 0) {
            return;
        }
        lookNanos = now + (directory.watch() == null ? UNWATCHED_LOOK_NANOS : LOOK_NANOS);
        long change = visit.status().modifiedNanos();
        boolean hasChanged = change != listedChange;
        if (isThorough || hasChanged) {
            // A change within the same clock tick as the scan would not change the time, so a recent time is not
            // remembered.
            boolean isOld = System.currentTimeMillis() * MILLI - change > SECOND;
            listedChange = isOld ? change : 0;
            thoroughNanos = isThorough ? now + THOROUGH_LOOK_NANOS : thoroughNanos;
            count(here.look(visit.fd(), isThorough));
        }
    }

    private void count(int claims) {
        if (claims > 0) {
            totals.claimed(claims);
            listener.claimed(spec.name(), claims);
        }
    }

    /**
     * Number of files to keep: if files are claimed faster than a batch is created, up to twice the configured number;
     * surplus files stay until claimed.
     */
    private int wanted(PoolFiller maker) {
        int files = target;
        double duringTwoBatches = 2 * totals.claimsPerSecond() * maker.batchSeconds();
        return files + (int) Math.max(0, Math.min(files, duringTwoBatches - files / 2.0));
    }

    private void show(Optional<PoolSnapshot.Space> room) {
        PoolInventory here = stock;
        Trouble why = trouble;
        boolean isFull = here != null && here.count() >= target && (why == null || why.state() == PoolState.STARVED);
        view = new PoolSnapshot(
                isFull ? PoolState.READY : why == null ? PoolState.FILLING : why.state(),
                here == null ? 0 : here.count(),
                isFull || why == null ? Optional.empty() : Optional.of(why.reason()),
                here == null ? 0 : here.foreignEntries().count(),
                here == null ? List.of() : here.foreignEntries().label(),
                totals.claims(),
                totals.reservedBytes(),
                room);
    }

    private void tell() {
        if (news.waitNanos(view.state()) <= 0) {
            news.tell(status());
        }
    }

    private long waitNanos() {
        long now = System.nanoTime();
        long wait = lookNanos - now;
        wait = Math.min(wait, Math.max(MILLI, news.waitNanos(view.state())));
        boolean isMissing = filler == null || stock == null || wanted(filler) > stock.count();
        return isMissing || trouble != null ? Math.min(wait, retryNanos - now) : wait;
    }
}
