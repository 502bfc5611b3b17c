// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

/** What a request may ask for or permit beyond the plain reservation of a range. */
public enum AllocateOption {
    /** The length stays as it is, 0 for a new file: blocks beyond it are reserved without showing. */
    KEEP_SIZE,
    /** Every byte of the range reads as zero afterwards. A new file does so by itself. */
    ZERO,
    /** Where the file system has no fallocate, write into every block instead: slow, and unsafe beside writers. */
    EMULATION,
    /** A file that exists may grow, and lose content to {@link #ZERO}. */
    FORCE,
    /** EEXIST where the name is taken: nothing that exists is touched, fitting or not. */
    NEW_ONLY
}
