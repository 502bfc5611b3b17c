// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/**
 * Warnings that clients can cause as often as they like: a line a minute of each kind, with the number of those that were
 * left out. Any thread.
 */
public final class RateLimitedLog {
    static final long PERIOD_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** What is warned of. */
    public enum Kind {
        /** A wrong user or password. */
        LOGIN,
        /** A connection that was closed for what it sent, or for what it did not take. */
        CLOSED,
        /** A connection that was closed to make room for another. */
        FULL
    }

    private final String prefix;
    private final Logger log;

    @GuardedBy("this") private final Map<Kind, State> states = new EnumMap<>(Kind.class);

    private static final class State {
        private long writtenNanos;
        private long leftOut;
        private String last = "";
    }

    /** {@code prefix}: what the service's log calls the part of it that warns, {@code jmx} or {@code http}. */
    public RateLimitedLog(String prefix, Logger log) {
        this.prefix = prefix;
        this.log = log;
    }

    /** {@code line}: without text of the client's own, which has no bound. */
    public synchronized void warn(Kind kind, String line, long nowNanos) {
        State state = states.get(kind);
        if (state == null) {
            state = new State();
            states.put(kind, state);
        } else if (nowNanos - state.writtenNanos < PERIOD_NANOS) {
            state.leftOut++;
            state.last = line;
            return;
        }
        write(state, line, state.leftOut, nowNanos);
    }

    /** Writes what was left out and has become a minute old. Called now and then. */
    public synchronized void flush(long nowNanos) {
        for (State state : states.values()) {
            if (state.leftOut > 0 && nowNanos - state.writtenNanos >= PERIOD_NANOS) {
                write(state, state.last, state.leftOut - 1, nowNanos);
            }
        }
    }

    private void write(State state, String line, long others, long nowNanos) {
        state.writtenNanos = nowNanos;
        state.leftOut = 0;
        log.warn("{}: {}{}", prefix, line, others == 0 ? "" : "; " + others + " more since the last such line");
    }
}
