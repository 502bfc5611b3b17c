// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.job;

/** How a scan is, or how it ended. */
public enum ScanState {
    RUNNING,
    /** Asked to end; does so at its next safe point, or when the kernel answers. */
    CANCELLING,
    /** Makes way for the I/O of others. */
    YIELDING,
    /** By an operator, until resumed. */
    PAUSED,
    /** Ended: all was read, whatever became of single files. */
    FINISHED,
    /** Ended by an operator or with the service. */
    CANCELLED,
    /** Ended by something that concerns no single file. */
    FAILED;

    public boolean isOver() {
        return this == FINISHED || this == CANCELLED || this == FAILED;
    }
}
