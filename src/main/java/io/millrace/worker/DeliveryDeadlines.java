// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import io.millrace.units.Durations;
import org.jspecify.annotations.Nullable;

/** Tracks the stall-timeout and the time-out of one delivery. All times are {@link System#nanoTime}. One thread. */
final class DeliveryDeadlines {
    /** A process whose pipe broke may be about to exit; the exit status then explains why. */
    static final long GRACE_NANOS = 200_000_000;

    private static final long NEVER = Long.MAX_VALUE;

    /** How often per stall-timeout the fill level of the pipe is sampled. */
    private static final int SAMPLES = 8;

    private final WorkerSpec.Limits limits;
    private long startNanos = System.nanoTime();
    private long progressNanos = startNanos;
    private long sampledNanos = startNanos;
    private int sampledUnread;
    private long brokenNanos = NEVER;

    DeliveryDeadlines(WorkerSpec.Limits limits) {
        this.limits = limits;
    }

    void start() {
        startNanos = System.nanoTime();
        progressNanos = startNanos;
    }

    /** Restarts the stall-timeout: there was progress, or none was possible. */
    void renew() {
        progressNanos = System.nanoTime();
    }

    /** Excludes this time from all time-outs. */
    void excuse(long nanos) {
        startNanos += nanos;
        renew();
    }

    boolean isSampleDue(long now) {
        return now - sampledNanos >= limits.stallTimeout().toNanos() / SAMPLES;
    }

    /** Samples the pipe: a worker that reads from it is not stalled, and only the fill level shows that it reads. */
    void sample(long now, int unreadBytes) {
        progressNanos = unreadBytes < sampledUnread ? now : progressNanos;
        sampledUnread = unreadBytes;
        sampledNanos = now;
    }

    /** Called while stdin is broken: returns whether it has been so for longer than {@link #GRACE_NANOS}. */
    boolean isBrokenForGood(long now) {
        brokenNanos = Math.min(brokenNanos, now);
        return now - brokenNanos > GRACE_NANOS;
    }

    boolean isBroken() {
        return brokenNanos != NEVER;
    }

    /** Returns the time-out that has expired; null if none has. */
    WorkerOutcome.@Nullable Kind exhausted(long now) {
        if (now >= timeoutNanos()) {
            return WorkerOutcome.Kind.TIMED_OUT;
        }
        return now >= stallNanos() ? WorkerOutcome.Kind.STALLED : null;
    }

    /** Describes an expired time-out for the outcome. */
    String describe(WorkerOutcome.Kind exhausted) {
        return exhausted == WorkerOutcome.Kind.TIMED_OUT
                ? "not done within " + Durations.format(limits.timeout())
                : "neither read nor wrote for " + Durations.format(limits.stallTimeout());
    }

    /** When the next time-out expires. */
    long dueNanos() {
        return Math.min(stallNanos(), timeoutNanos());
    }

    private long stallNanos() {
        return progressNanos + limits.stallTimeout().toNanos();
    }

    private long timeoutNanos() {
        return limits.timeout().isZero() ? NEVER : startNanos + limits.timeout().toNanos();
    }
}
