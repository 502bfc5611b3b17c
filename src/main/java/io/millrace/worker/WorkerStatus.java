// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A configured worker at one moment.
 *
 * @param processes that run now, busy or waiting for files
 * @param busy of them, those that have a file
 * @param fedBytes that went into the pipes of its processes since the service started, those around files included
 * @param restarts of its processes since the service started; none where it is a process a file
 * @param quarantined whether it is left alone for now because it keeps failing
 * @param lastReason of the last failure or restart, one printable line
 * @param lastReasonAt when that was
 * @param files that it was to have since the service started, by what became of them in the end; every kind is there
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

    /** Files with which it did not do well, unless the file could not be read or the scan was stopped. */
    public long failedFiles() {
        return files.entrySet().stream()
                .filter(entry -> entry.getKey().isFailure())
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
