// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

/** Options of a request beyond the plain reservation of a range. */
public enum AllocateOption {
    /** The length does not change, 0 for a new file: blocks beyond the end are reserved (FALLOC_FL_KEEP_SIZE). */
    KEEP_SIZE,
    /** Every byte of the range reads as zero afterwards. A new file always does. */
    ZERO,
    /**
     * If the file system has no fallocate, write into every block instead: slow, and unsafe with concurrent writers.
     */
    EMULATION,
    /** An existing file may grow, and may lose content to {@link #ZERO}. */
    FORCE,
    /** Fail with EEXIST if the name exists: no existing file is touched, whether it fits or not. */
    NEW_ONLY
}
