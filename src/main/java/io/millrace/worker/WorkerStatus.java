// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The status of a configured worker at one moment.
 *
 * @param processes that run now, busy or idle
 * @param busy processes that have a file
 * @param fedBytes bytes written to the pipes of its processes since the service started, protocol data included
 * @param restarts of its processes since the service started; 0 for per-file workers
 * @param quarantined whether no process is started for now because it keeps failing
 * @param lastReason of the last failure or restart, one printable line
 * @param lastReasonAt time of the last failure or restart
 * @param files files offered to it since the service started, by final outcome; every kind is present
 */
public record WorkerStatus(
        WorkerSpec spec,
        int processes,
        int busy,
        long fedBytes,
        long restarts,
        boolean quarantined,
        Optional<String> lastReason,
        Optional<Instant> lastReasonAt,
        Map<WorkerOutcome.Kind, Long> files) {

    /** Files that it failed, except those that could not be read and those of a stopped scan. */
    public long failedFiles() {
        return files.entrySet().stream()
                .filter(entry -> entry.getKey().isFailure())
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
