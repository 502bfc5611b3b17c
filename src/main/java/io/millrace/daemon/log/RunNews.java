// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.log;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.LongSupplier;

/**
 * Which runs of sources are worth a line in the log: a source that is scanned every minute would fill it. A good run
 * that follows a good one is, once an hour; everything else always. Names of sources are configured, so few. Any
 * thread.
 */
final class RunNews {
    private static final class Last {
        boolean good;
        long loggedNanos;
        int unlogged;
    }

    private final long periodNanos;
    private final LongSupplier nanoTime;

    @GuardedBy("this") private final Map<String, Last> runs = new HashMap<>();

    RunNews(Duration period, LongSupplier nanoTime) {
        this.periodNanos = period.toNanos();
        this.nanoTime = nanoTime;
    }

    /** Whether the beginning of a run is to be logged. */
    synchronized boolean isStartNews(String source) {
        Last last = runs.get(source);
        return last == null || !last.good || isDue(last);
    }

    /**
     * A run is over.
     *
     * @return how many before it were not logged, if it is to be
     */
    synchronized OptionalInt ended(String source, boolean good) {
        Last last = runs.computeIfAbsent(source, any -> new Last());
        boolean isNews = !good || !last.good || isDue(last);
        last.good = good;
        if (!isNews) {
            last.unlogged++;
            return OptionalInt.empty();
        }
        int unlogged = last.unlogged;
        last.unlogged = 0;
        last.loggedNanos = nanoTime.getAsLong();
        return OptionalInt.of(unlogged);
    }

    @GuardedBy("this") private boolean isDue(Last last) {
        return nanoTime.getAsLong() - last.loggedNanos >= periodNanos;
    }
}
