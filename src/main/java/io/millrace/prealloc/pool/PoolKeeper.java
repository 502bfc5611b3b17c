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
 * Keeps one pool full, in a thread of its own that sleeps in poll(2) while nothing is taken. All it knows of the
 * directory belongs to that thread; others see a {@link PoolSnapshot}, and give their wishes by {@link #resize}, {@link
 * #refill} and {@link #stop}.
 */
final class PoolKeeper {
    private static final long SECOND = 1_000_000_000;

    /** How long changes can go unseen that no event told. */
    private static final long LOOK_NANOS = 10 * SECOND;

    /** How long the path can lead to another directory before that is noticed: each pool wakes once in this time while idle. */
    private static final long PATH_NANOS = 3 * SECOND;

    private static final long THOROUGH_LOOK_NANOS = 60 * SECOND;

    /** Between two looks where no event tells of changes. */
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

    /** Had this pool or its directory before, and may not have ended. */
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

    /** Before {@link #start}: begins only when these have ended, so that no two keep the same directory or ledger. */
    void follow(List<PoolKeeper> before) {
        predecessors = List.copyOf(before);
    }

    /** Its thread has begun, and is over. */
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

    /** For how long its thread has waited for a call into the kernel that does not return; zero where it does not. */
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

    /** What is ready; null before the first look. */
    @Nullable PoolInventory stock() {
        return stock;
    }

    /** A spec that differs in nothing but how many files are kept. */
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

    /** False where its thread has not come round for half a minute, although a batch counts with each of its steps. */
    boolean isAlive() {
        boolean isStuck = System.nanoTime() - beatNanos >= STUCK_NANOS;
        return thread.isAlive() && (!isStuck || NativeCall.of(thread).isPresent());
    }

    /** Asks it to end. */
    void stop() {
        stop.request(SIGTERM);
        doorbell.ring();
    }

    boolean isStopping() {
        return stop.isRequested();
    }

    /** Waits for the end after {@link #stop}; not for ever, since nothing ends a call into a device that hangs. */
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
                    // Events that a failed turn has not read would end the wait at once, again and again.
                    isDue = doorbell.await(hasFailed ? null : directory.watch(), wait);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // somebody wants this thread to end, and so it does
        } catch (PosixException e) {
            throw new IllegalStateException(e); // poll on descriptors of our own
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

    /** @return how many milliseconds there is nothing to do, unless something happens */
    private long turn() {
        if (!isDue && !hasFailed && waitNanos() > 0 && directory.isWhereItWas()) {
            return restMillis();
        }
        boolean isRefill = isRefillWanted;
        if (isRefill) {
            isRefillWanted = false; // and not otherwise: it may just have been asked for
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
            var fitness = new ReadyFileCheck(spec, posix.process().effectiveUser());
            AllocationListener course = new AllocationListener() {
                @Override
                public void progressed() {
                    beatNanos = System.nanoTime();
                }
            };
            var opened = new PoolInventory(posix.files(), fitness, ledger, listener, course);
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
                show(room); // a file may take long
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
            here.forget(); // nobody can claim what is there
            throw e;
        }
    }

    /** What was taken and what came, by the events. */
    private void hear(PoolInventory here, OwnedFd in) throws PosixException {
        int claims = 0;
        List<InotifyEvent> events = directory.events();
        for (int reads = 0; !events.isEmpty() && reads < MAX_READS; reads++) {
            claims += here.apply(events, in);
            events = directory.events();
        }
        count(claims);
    }

    /** What no event told. Where there are events, it is enough to look when the directory has changed. */
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
            // A change within the clock's tick of the look would not show, so a fresh time counts as none.
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

    /** Where files are taken faster than a batch is made, up to twice as many as asked for: they stay until taken. */
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
                here == null ? 0 : here.strangers().count(),
                here == null ? List.of() : here.strangers().label(),
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
