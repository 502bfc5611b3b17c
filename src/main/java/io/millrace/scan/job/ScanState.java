// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.job;

/** State of a scan. */
public enum ScanState {
    RUNNING,
    /** It was asked to end, and does so at its next safe point, or when the current system call returns. */
    CANCELLING,
    /** It yields to the I/O of other programs. */
    YIELDING,
    /** An operator has paused it. */
    PAUSED,
    /** It ended after it had processed all files, whatever the results of single files. */
    FINISHED,
    /** It was ended by an operator or by the stop of the service. */
    CANCELLED,
    /** It ended because of an error that concerns no single file. */
    FAILED;

    public boolean isOver() {
        return this == FINISHED || this == CANCELLED || this == FAILED;
    }
}
