// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import io.millrace.units.EnumLabels;

/**
 * Why a worker process is replaced or could not be started. Unlike the message, it is a fixed set that metrics can
 * count by.
 */
public enum RestartReason {
    NOT_STARTED,
    CRASHED,
    STALLED,
    TIMED_OUT,
    CLOSED_EARLY,
    ENDED_EARLY,
    GARBAGE,
    TOO_MUCH_OUTPUT,
    /** It exited between two files, or wrote unrequested output. */
    UNFIT_BETWEEN_FILES,
    /** An operator requested it: {@link WorkerPool#restart()}. */
    REQUESTED;

    /** @param kind one for which {@link WorkerOutcome.Kind#isWorkersFault()} is true */
    static RestartReason of(WorkerOutcome.Kind kind) {
        return valueOf(kind.name());
    }

    /** Label in the format of {@link WorkerOutcome.Kind#label()}: {@code closed-early}. */
    public String label() {
        return EnumLabels.of(this);
    }
}
