// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

/** No process is available for a file; the outcome says why. */
public final class UnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient WorkerOutcome outcome;

    UnavailableException(WorkerOutcome outcome) {
        super(outcome.reason());
        this.outcome = outcome;
    }

    public WorkerOutcome outcome() {
        return outcome;
    }
}
