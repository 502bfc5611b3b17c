// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import io.millrace.posix.BytePath;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What a worker has done and suffered by now; outlives its pools when it is configured anew. Any thread. */
final class WorkerTally {
    private static final RestartReason[] REASONS = RestartReason.values();

    private final LongAdder fedBytes = new LongAdder();
    private final AtomicLongArray restarts = new AtomicLongArray(REASONS.length);
    private volatile @Nullable String lastReason;

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

    /** May quote the worker as it spoke. */
    void suffered(String reason) {
        lastReason = reason;
    }

    /** One printable line. */
    Optional<String> lastReason() {
        return Optional.ofNullable(lastReason).map(reason -> BytePath.display(BytePath.encode(printable(reason))));
    }

    /** Without the lone surrogates that stand for no byte: a JSON answer may contain them. */
    private static String printable(String reason) {
        var text = new StringBuilder(reason.length());
        reason.codePoints()
                .map(point -> Character.getType(point) == Character.SURROGATE ? 0xFFFD : point)
                .forEach(text::appendCodePoint);
        return text.toString();
    }
}
