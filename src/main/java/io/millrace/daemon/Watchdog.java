// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import java.lang.management.LockInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.MonitorInfo;
import java.lang.management.ThreadInfo;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends keep-alive messages to systemd's watchdog as long as pools and scans make progress; a running timer alone is
 * not enough. When they make none, it logs the stack of every thread once, before the watchdog ends the process. One
 * thread.
 */
final class Watchdog {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    /** The watchdog is notified three times in its period, so that one notification may be late. */
    private static final int BEATS_PER_PERIOD = 3;

    private static final Duration WITHOUT_WATCHDOG = Duration.ofSeconds(30);

    private final BooleanSupplier moves;
    private final ServiceManager manager;
    private boolean wasAlive = true;

    /** @param moves whether every part that has work to do makes progress */
    Watchdog(BooleanSupplier moves, ServiceManager manager) {
        this.moves = moves;
        this.manager = manager;
    }

    /** Returns the interval at which {@link #beat} must be called. */
    Duration period() {
        return manager.watchdog().orElse(WITHOUT_WATCHDOG).dividedBy(BEATS_PER_PERIOD);
    }

    void beat() {
        manager.again();
        boolean alive = moves.getAsBoolean();
        if (alive) {
            manager.isAlive();
        } else if (wasAlive) {
            LOG.error("no progress, although there is work to do; thread dump:");
            for (ThreadInfo thread : ManagementFactory.getThreadMXBean().dumpAllThreads(true, true)) {
                LOG.error("{}", describe(thread));
            }
        }
        wasAlive = alive;
    }

    /**
     * Formats a thread as {@link ThreadInfo#toString} does, but with every frame: the method that hangs is seldom among
     * the first eight.
     */
    private static String describe(ThreadInfo thread) {
        var words = new StringBuilder("'" + thread.getThreadName() + "' " + thread.getThreadState());
        if (thread.getLockName() != null) {
            words.append(" on ").append(thread.getLockName());
        }
        if (thread.getLockOwnerName() != null) {
            words.append(" of '").append(thread.getLockOwnerName()).append('\'');
        }
        StackTraceElement[] stack = thread.getStackTrace();
        for (int depth = 0; depth < stack.length; depth++) {
            words.append("\n    at ").append(stack[depth]);
            for (MonitorInfo monitor : thread.getLockedMonitors()) {
                if (monitor.getLockedStackDepth() == depth) {
                    words.append("\n    holds ").append(monitor);
                }
            }
        }
        for (LockInfo lock : thread.getLockedSynchronizers()) {
            words.append("\n    holds ").append(lock);
        }
        return words.toString();
    }
}
