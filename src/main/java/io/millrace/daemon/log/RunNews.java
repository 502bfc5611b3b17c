// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.log;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.LongSupplier;

/**
 * Decides which runs of sources are logged, because a source that is scanned every minute would fill the log. A
 * successful run after a successful one is logged once an hour; everything else is always logged. Names of sources are
 * configured, so there are few. Any thread.
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

    /** Returns whether the start of a run is logged. */
    synchronized boolean isStartNews(String source) {
        Last last = runs.get(source);
        return last == null || !last.good || isDue(last);
    }

    /**
     * Records the end of a run.
     *
     * @return the number of unlogged runs before it if this one is logged; empty if it is not
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
