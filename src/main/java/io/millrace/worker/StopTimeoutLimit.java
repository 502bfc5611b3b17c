// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import java.time.Duration;

/**
 * Caps the stop-timeout, the time that each step of terminating a process may take, while the service shuts down. Any
 * thread.
 */
final class StopTimeoutLimit {
    private volatile Duration most = Duration.ofSeconds(Long.MAX_VALUE);

    /** Sets the limit; it also applies to terminations in progress. */
    void limit(Duration atMost) {
        most = atMost;
    }

    Duration of(WorkerSpec spec) {
        Duration configured = spec.limits().stopTimeout();
        return configured.compareTo(most) < 0 ? configured : most;
    }
}
