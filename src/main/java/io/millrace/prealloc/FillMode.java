// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

/** What the files of a pool contain. */
public enum FillMode {
    /**
     * Reserved blocks, which read as zeros and are marked unwritten: the first write to each converts it in the
     * journal.
     */
    RESERVE,
    /** Written zeros: slow to create, but later writes change no metadata. */
    ZERO
}
