// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd's watchdog that the service is alive, as long as its pools and scans get on: not that a timer runs. When
 * they do not, the log gets to know where every thread is, once, before the watchdog ends the process. One thread.
 */
final class Watch {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

    /** A third, so that one beat may be late. */
    private static final int BEATS_PER_PERIOD = 3;

    private static final Duration WITHOUT_WATCHDOG = Duration.ofSeconds(30);

    private final BooleanSupplier moves;
    private final ServiceManager manager;
    private boolean wasAlive = true;

    /** @param moves whether what has work to do gets on with it */
    Watch(BooleanSupplier moves, ServiceManager manager) {
        this.moves = moves;
        this.manager = manager;
    }

    /** How often {@link #beat} is due. */
    Duration period() {
        return manager.watchdog().orElse(WITHOUT_WATCHDOG).dividedBy(BEATS_PER_PERIOD);
    }

    void beat() {
        manager.again();
        boolean alive = moves.getAsBoolean();
        if (alive) {
            manager.isAlive();
        } else if (wasAlive) {
            LOG.error("nothing moves any more, although there is work to do; the threads are:");
            for (ThreadInfo thread : ManagementFactory.getThreadMXBean().dumpAllThreads(true, true)) {
                LOG.error("{}", thread);
            }
        }
        wasAlive = alive;
    }
}
