// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

/** The state of a pool. */
public enum PoolState {
    /** Some files are missing and are being created. */
    FILLING,
    /** All files are there. */
    READY,
    /**
     * No more files can be created because space is exhausted or the reserve would be crossed; retried periodically.
     */
    STARVED,
    /** No more files can be created for another reason; retried periodically. */
    FAILED;

    /** Whether an operator should check the pool. */
    public boolean isTrouble() {
        return this == STARVED || this == FAILED;
    }
}
