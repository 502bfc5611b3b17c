// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

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
 */
public record WorkerStatus(
        WorkerSpec spec,
        int processes,
        int busy,
        long fedBytes,
        long restarts,
        boolean quarantined,
        Optional<String> lastReason) {}
