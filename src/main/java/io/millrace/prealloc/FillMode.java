// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

/** What the files of a pool hold. */
public enum FillMode {
    /** Reserved blocks, which read as zeros and are marked unwritten: the first write to each marks them in the journal. */
    RESERVE,
    /** Zeros that were written: slow to make, and writes to them change no metadata. */
    ZERO
}
