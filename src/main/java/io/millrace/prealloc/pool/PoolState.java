// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

/** How a pool is. */
public enum PoolState {
    /** Not all files are there yet, and more are being made. */
    FILLING,
    /** As many files as are wanted are there. */
    READY,
    /** No more files can be made for want of space, or the reserve would be crossed; tried again all the time. */
    STARVED,
    /** No more files can be made for another reason; tried again all the time. */
    FAILED;

    /** Whether an operator should look at the pool. */
    public boolean isTrouble() {
        return this == STARVED || this == FAILED;
    }
}
