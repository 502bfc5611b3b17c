// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.log;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Limits the number of log lines for each subject and period. Subjects are configured names, so there are few. Any
 * thread.
 */
final class LogBudget {
    /** The decision about a line. */
    enum Verdict {
        WRITE,
        /** The line is written, with a note that it is the last one for now. */
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

    /** @param period starts with the first line of a subject */
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
