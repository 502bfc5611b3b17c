// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import java.util.Optional;

/**
 * A configured worker at one moment.
 *
 * @param processes that run now, busy or waiting for files
 * @param busy of them, those that have a file
 * @param fedBytes that were given to its processes since the service started
 * @param restarts of its processes since the service started
 * @param quarantined whether it is left alone for now because it keeps failing
 * @param lastReason of the last restart, one line
 */
public record WorkerStatus(
        WorkerSpec spec,
        int processes,
        int busy,
        long fedBytes,
        long restarts,
        boolean quarantined,
        Optional<String> lastReason) {}
