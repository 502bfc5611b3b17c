// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import java.time.Duration;

/** How long each step of ending a process may take: what is configured, or less once all of them are to end. Any thread. */
final class StopTimeoutLimit {
    private volatile Duration most = Duration.ofSeconds(Long.MAX_VALUE);

    /** From now on, also for those that are being ended. */
    void limit(Duration atMost) {
        most = atMost;
    }

    Duration of(WorkerSpec spec) {
        Duration configured = spec.limits().stopTimeout();
        return configured.compareTo(most) < 0 ? configured : most;
    }
}
