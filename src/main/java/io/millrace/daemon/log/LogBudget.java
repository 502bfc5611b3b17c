// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.log;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Bounds how many lines are written on one subject in a time. Subjects are configured names, so few. Any thread. */
final class LogBudget {
    /** What to do with a line. */
    enum Verdict {
        WRITE,
        /** Written, and to be said that it is the last for now. */
        LAST,
        SUPPRESS
    }

    private static final class Spent {
        long sinceNanos;
        int lines;
    }

    private final int maxLines;
    private final long periodNanos;
    private final LongSupplier nanoTime;

    @GuardedBy("this") private final Map<String, Spent> spent = new HashMap<>();

    /** @param period begins with a subject's first line */
    LogBudget(int maxLines, Duration period, LongSupplier nanoTime) {
        this.maxLines = maxLines;
        this.periodNanos = period.toNanos();
        this.nanoTime = nanoTime;
    }

    synchronized Verdict spend(String subject) {
        long now = nanoTime.getAsLong();
        Spent so = spent.get(subject);
        if (so == null || now - so.sinceNanos >= periodNanos) {
            so = new Spent();
            so.sinceNanos = now;
            spent.put(subject, so);
        }
        if (so.lines >= maxLines) {
            return Verdict.SUPPRESS;
        }
        so.lines++;
        return so.lines == maxLines ? Verdict.LAST : Verdict.WRITE;
    }
}
