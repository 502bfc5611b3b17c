// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.throttle;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * What every read of a scan asks before it reads: whether anybody holds the scan, and whether its rate, and that of all
 * scans together, leave it room. It knows how many reads are under way, so that whoever holds a scan can wait until it
 * is quiet. Any thread.
 */
public final class ReadGate {
    /** Why no read may begin; several reasons may hold a scan at a time. */
    public enum Hold {
        /** An operator wants it. */
        PAUSE,
        /** Others wait for the disk. */
        YIELD,
        /** For a few hundredths of a second, to hear whether others wait for the disk. */
        BREATH
    }

    /** How soon a wish to stop, or another rate, is heard. */
    private static final long PATIENCE_NANOS = 100_000_000;

    /** When whoever cannot wait here should ask again while the scan is held. */
    private static final long HELD_NANOS = 50_000_000;

    private static final long BREATH_NANOS = 2_000_000;

    private final List<RateLimiter> limiters;
    private final ReadTimes times;

    @GuardedBy("this") private final Set<Hold> holds = EnumSet.noneOf(Hold.class);

    @GuardedBy("this") private int underWay;

    /** Since when each thread is between its enter and leave. */
    @GuardedBy("this") private final Map<Thread, Long> since = new HashMap<>();

    private volatile boolean held;
    private volatile boolean away;

    /** Hears how long reads took. */
    public interface ReadTimes {
        void read(long bytes, long nanos);
    }

    /** {@code limiters}: all of them have to leave room. */
    public ReadGate(List<RateLimiter> limiters, ReadTimes times) {
        this.limiters = List.copyOf(limiters);
        this.times = times;
    }

    /** Of a scan that nobody holds. */
    public static ReadGate of(RateLimiter limiter) {
        return new ReadGate(List.of(limiter), (bytes, nanos) -> {});
    }

    public synchronized void hold(Hold why) {
        holds.add(why);
        changed();
    }

    public synchronized void release(Hold why) {
        holds.remove(why);
        changed();
    }

    /** Has those who wait look again: for a wish to stop, or another rate. */
    public synchronized void wake() {
        notifyAll();
    }

    @GuardedBy("this") private void changed() {
        held = !holds.isEmpty();
        away = holds.contains(Hold.PAUSE) || holds.contains(Hold.YIELD);
        notifyAll();
    }

    /** Whether no read may begin. */
    public boolean isHeld() {
        return held;
    }

    /** Whether it is held for longer than a breath. */
    boolean isAway() {
        return away;
    }

    public synchronized boolean isHeld(Hold why) {
        return holds.contains(why);
    }

    /** Waits until no read is under way, false where that takes longer than this. */
    synchronized boolean awaitQuiet(long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        long left = nanos;
        while (underWay > 0 && left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = deadline - System.nanoTime();
        }
        return underWay == 0;
    }

    /**
     * Begins a read, which {@link #leave} ends; waits while the scan is held, or has read too much, unless it is to stop.
     *
     * @param bytes to be paid for; with none, no rate is asked
     */
    public synchronized void take(long bytes, BooleanSupplier stopping) throws InterruptedException {
        while (!stopping.getAsBoolean()) {
            long wait = bytes > 0 ? nanosUntilPaid() : 0;
            if (wait == 0 && !held) {
                break;
            }
            TimeUnit.NANOSECONDS.timedWait(this, held ? PATIENCE_NANOS : Math.min(wait, PATIENCE_NANOS));
        }
        charge(bytes);
        begin();
    }

    /**
     * Begins a read that costs nothing of any rate.
     *
     * @param beforeWaiting lets go of what others may need while the scan is held
     */
    public void enter(Runnable beforeWaiting, BooleanSupplier stopping) throws InterruptedException {
        if (!tryEnter()) {
            beforeWaiting.run();
            take(0, stopping);
        }
    }

    /** Begins reads without waiting and without paying; false while the scan is held. */
    public synchronized boolean tryEnter() {
        if (!held) {
            begin();
        }
        return !held;
    }

    @GuardedBy("this") private void begin() {
        underWay++;
        since.put(Thread.currentThread(), System.nanoTime());
    }

    /** Ends what {@link #take}, {@link #enter} or {@link #tryEnter} began. */
    public synchronized void leave() {
        underWay--;
        since.remove(Thread.currentThread());
        if (underWay == 0 && held) {
            notifyAll();
        }
    }

    /** Whether {@link #take} would not wait. */
    public boolean isFree() {
        return nanosUntilFree() == 0;
    }

    /** Pays for what is read between {@link #tryEnter} and {@link #leave}. */
    public void charge(long bytes) {
        limiters.forEach(limiter -> limiter.charge(bytes));
    }

    /** How long {@link #take} would wait; where that is not known, when to ask again. */
    public long nanosUntilFree() {
        return held ? away ? HELD_NANOS : BREATH_NANOS : nanosUntilPaid();
    }

    private long nanosUntilPaid() {
        long wait = 0;
        for (RateLimiter limiter : limiters) {
            wait = Math.max(wait, limiter.nanosUntilFree());
        }
        return wait;
    }

    /** How long the oldest of the reads that are under way has lasted; zero where there is none. */
    public synchronized long longestNanos() {
        long now = System.nanoTime();
        return since.values().stream().mapToLong(begun -> now - begun).max().orElse(0);
    }

    public synchronized boolean isReading() {
        return underWay > 0;
    }

    /** A read of stored bytes took so long. */
    public void wasRead(long bytes, long nanos) {
        times.read(bytes, nanos);
    }
}
