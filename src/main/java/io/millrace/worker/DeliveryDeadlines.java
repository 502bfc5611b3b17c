// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import io.millrace.units.Durations;
import org.jspecify.annotations.Nullable;

/** How long a delivery may still take. All times are {@link System#nanoTime}. */
final class DeliveryDeadlines {
    /** A process whose pipe broke may be about to end; why it did is then in its exit status. */
    static final long GRACE_NANOS = 200_000_000;

    private static final long NEVER = Long.MAX_VALUE;

    /** How often within a stall-timeout the pipe is asked what is still in it. */
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

    /** Something went on, or nothing could. */
    void renew() {
        progressNanos = System.nanoTime();
    }

    /** Time that does not count at all. */
    void excuse(long nanos) {
        startNanos += nanos;
        renew();
    }

    boolean isSampleDue(long now) {
        return now - sampledNanos >= limits.stallTimeout().toNanos() / SAMPLES;
    }

    /** A worker that takes bytes out of its pipe is not stalled, and nothing tells of it but the pipe. */
    void sample(long now, int unreadBytes) {
        progressNanos = unreadBytes < sampledUnread ? now : progressNanos;
        sampledUnread = unreadBytes;
        sampledNanos = now;
    }

    /** Its input is broken; whether that has been so for long enough. */
    boolean isBrokenForGood(long now) {
        brokenNanos = Math.min(brokenNanos, now);
        return now - brokenNanos > GRACE_NANOS;
    }

    boolean isBroken() {
        return brokenNanos != NEVER;
    }

    /** Which time-out is over; null while none is. */
    WorkerOutcome.@Nullable Kind exhausted(long now) {
        if (now >= timeoutNanos()) {
            return WorkerOutcome.Kind.TIMED_OUT;
        }
        return now >= stallNanos() ? WorkerOutcome.Kind.STALLED : null;
    }

    /** What a time-out that is over says of the worker. */
    String describe(WorkerOutcome.Kind exhausted) {
        return exhausted == WorkerOutcome.Kind.TIMED_OUT
                ? "not done within " + Durations.format(limits.timeout())
                : "neither read nor wrote for " + Durations.format(limits.stallTimeout());
    }

    /** When the next time-out will be over. */
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
