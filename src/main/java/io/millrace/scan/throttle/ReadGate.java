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
 * The gate that every read of a scan passes: it blocks while the scan is held or a rate limit is exceeded, which may be
 * the scan's own or the one that all scans share. It counts the reads in progress, so that a caller that holds the scan
 * can wait until none is. Any thread.
 */
public final class ReadGate {
    /** Reasons for which no read may start; several may apply at a time. */
    public enum Hold {
        /** An operator has paused the scan. */
        PAUSE,
        /** The scan yields because other programs wait for the disk. */
        YIELD,
        /**
         * A quiet window of 50 ms, or 250 ms with its confirmation, in which the pressure of other programs is
         * measured.
         */
        BREATH
    }

    /** Upper bound of the delay before a stop request or a new rate is noticed. */
    private static final long PATIENCE_NANOS = 100_000_000;

    /** When a caller that cannot block here should ask again while the scan is held. */
    private static final long HELD_NANOS = 50_000_000;

    private static final long BREATH_NANOS = 2_000_000;

    private final List<RateLimiter> limiters;
    private final ReadTimes times;

    @GuardedBy("this") private final Set<Hold> holds = EnumSet.noneOf(Hold.class);

    @GuardedBy("this") private int underWay;

    /** Start time of each thread's read in progress. */
    @GuardedBy("this") private final Map<Thread, Long> since = new HashMap<>();

    private volatile boolean held;
    private volatile boolean away;

    /** Receives the duration of each read. */
    public interface ReadTimes {
        void read(long bytes, long nanos);
    }

    /** {@code limiters}: a read waits until none of them is exceeded. */
    public ReadGate(List<RateLimiter> limiters, ReadTimes times) {
        this.limiters = List.copyOf(limiters);
        this.times = times;
    }

    /** Creates the gate of a scan that is never held. */
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

    /** Makes waiting threads check again for a stop request or a new rate. */
    public synchronized void wake() {
        notifyAll();
    }

    @GuardedBy("this") private void changed() {
        held = !holds.isEmpty();
        away = holds.contains(Hold.PAUSE) || holds.contains(Hold.YIELD);
        notifyAll();
    }

    /** Whether no read may start. */
    public boolean isHeld() {
        return held;
    }

    /** Whether the scan is held for longer than a quiet window. */
    boolean isAway() {
        return away;
    }

    public synchronized boolean isHeld(Hold why) {
        return holds.contains(why);
    }

    /** Waits until no read is in progress; returns false if that takes longer than {@code nanos}. */
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
     * Starts a read, which {@link #leave} ends. Waits while the scan is held or a rate limit is exceeded, unless
     * {@code stopping} is true.
     *
     * @param bytes bytes to charge to the rate limits; with 0 they are not checked
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
     * Starts a read that is not charged to a rate limit.
     *
     * @param beforeWaiting releases resources that other threads may need while the scan is held
     */
    public void enter(Runnable beforeWaiting, BooleanSupplier stopping) throws InterruptedException {
        if (!tryEnter()) {
            beforeWaiting.run();
            take(0, stopping);
        }
    }

    /** Starts a read without waiting and without a charge; returns false if the scan is held. */
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

    /** Ends a read that {@link #take}, {@link #enter} or {@link #tryEnter} has started. */
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

    /** Charges the rate limits for bytes that are read between {@link #tryEnter} and {@link #leave}. */
    public void charge(long bytes) {
        limiters.forEach(limiter -> limiter.charge(bytes));
    }

    /** Returns how long {@link #take} would wait or, if that is unknown, when to ask again. */
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

    /** Returns the duration of the oldest read in progress; 0 if there is none. */
    public synchronized long longestNanos() {
        long now = System.nanoTime();
        return since.values().stream().mapToLong(begun -> now - begun).max().orElse(0);
    }

    public synchronized boolean isReading() {
        return underWay > 0;
    }

    /** Reports that a read of {@code bytes} stored bytes took {@code nanos}. */
    public void wasRead(long bytes, long nanos) {
        times.read(bytes, nanos);
    }
}
