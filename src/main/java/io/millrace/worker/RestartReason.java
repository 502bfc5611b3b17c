// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import java.util.Locale;

/** Why a process of a worker is replaced, or could not be had: few enough to count by, unlike the words on it. */
public enum RestartReason {
    NOT_STARTED,
    CRASHED,
    STALLED,
    TIMED_OUT,
    CLOSED_EARLY,
    ENDED_EARLY,
    GARBAGE,
    TOO_MUCH_OUTPUT,
    /** It ended, or spoke unasked, between two files. */
    UNFIT_BETWEEN_FILES,
    /** Somebody asked for it: {@link WorkerPool#restart()}. */
    REQUESTED;

    /** @param kind one that {@link WorkerOutcome.Kind#isWorkersFault()} */
    static RestartReason of(WorkerOutcome.Kind kind) {
        return valueOf(kind.name());
    }

    /** In the words of {@link WorkerOutcome.Kind#label()}: {@code closed-early}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
