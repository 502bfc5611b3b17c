// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import io.millrace.posix.libc.BytePath;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counters of one worker; they survive a reconfiguration, which replaces its pool. Any thread. */
final class WorkerTally {
    private static final RestartReason[] REASONS = RestartReason.values();
    private static final WorkerOutcome.Kind[] KINDS = WorkerOutcome.Kind.values();

    private final LongAdder fedBytes = new LongAdder();
    private final AtomicLongArray restarts = new AtomicLongArray(REASONS.length);
    private final AtomicLongArray files = new AtomicLongArray(KINDS.length);
    private volatile @Nullable Failure last;

    private record Failure(String reason, Instant at) {}

    void fed(long bytes) {
        fedBytes.add(bytes);
    }

    long fedBytes() {
        return fedBytes.sum();
    }

    void restarted(RestartReason kind) {
        restarts.incrementAndGet(kind.ordinal());
    }

    Map<RestartReason, Long> restarts() {
        var counts = new EnumMap<RestartReason, Long>(RestartReason.class);
        for (RestartReason reason : REASONS) {
            counts.put(reason, restarts.get(reason.ordinal()));
        }
        return counts;
    }

    /** Records a failure; {@code reason} may quote the worker verbatim. */
    void suffered(String reason) {
        last = new Failure(reason, Instant.now());
    }

    /** The last reason as one printable line. */
    Optional<String> lastReason() {
        return Optional.ofNullable(last).map(failure -> BytePath.display(BytePath.encode(printable(failure.reason()))));
    }

    /** Time of the last reason. */
    Optional<Instant> lastReasonAt() {
        return Optional.ofNullable(last).map(Failure::at);
    }

    /** Counts the final outcome of one file, after all attempts. */
    void finished(WorkerOutcome outcome) {
        files.incrementAndGet(outcome.kind().ordinal());
        if (outcome.kind() == WorkerOutcome.Kind.FAILED
                || outcome.kind() == WorkerOutcome.Kind.LEFT_BEHIND
                || outcome.kind() == WorkerOutcome.Kind.DETACHED) { // the other kinds were recorded when they occurred
            suffered(outcome.kind().label() + ": " + outcome.reason());
        }
    }

    /** Number of files of every kind. */
    Map<WorkerOutcome.Kind, Long> files() {
        var counts = new EnumMap<WorkerOutcome.Kind, Long>(WorkerOutcome.Kind.class);
        for (WorkerOutcome.Kind kind : KINDS) {
            counts.put(kind, files.get(kind.ordinal()));
        }
        return counts;
    }

    /** Replaces lone surrogates that stand for no byte: a JSON answer may contain them. */
    private static String printable(String reason) {
        var text = new StringBuilder(reason.length());
        reason.codePoints()
                .map(point -> Character.getType(point) == Character.SURROGATE ? 0xFFFD : point)
                .forEach(text::appendCodePoint);
        return text.toString();
    }
}
