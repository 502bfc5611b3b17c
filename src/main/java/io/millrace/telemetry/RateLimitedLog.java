// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/**
 * Logs warnings that clients can cause at any rate: one line per minute for each kind, with the number of suppressed
 * warnings. Any thread.
 */
public final class RateLimitedLog {
    static final long PERIOD_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** The kind of warning. */
    public enum Kind {
        /** A wrong user or password. */
        LOGIN,
        /** A connection was closed because of what it sent, or because it did not read its response. */
        CLOSED,
        /** A connection was closed to make room for another one. */
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

    /** @param prefix the name of the component in the log, {@code jmx} or {@code http} */
    public RateLimitedLog(String prefix, Logger log) {
        this.prefix = prefix;
        this.log = log;
    }

    /** @param line must not contain text from the client, which is unbounded */
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

    /** Logs suppressed warnings whose period of one minute has passed. Must be called periodically. */
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
