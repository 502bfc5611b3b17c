// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.PosixException;

/** Hears what a {@link Preallocator} does, on the thread that does it. */
public interface AllocationListener {
    /** Hears nothing. */
    AllocationListener NONE = new AllocationListener() {};

    /** One file is decided. Comes once for every path, in order. */
    default void finished(AllocationResult outcome) {}

    /** A step of a batch, or a piece of zeros, is done: comes often, for whoever watches that something moves. */
    default void progressed() {}

    /**
     * A directory that may not be read, so that fsync(2) could not be asked for the names in it: a power cut may undo
     * them. Comes once for a directory and a batch.
     */
    default void onNameNotSynced(BytePath directory) {}

    /** A directory without O_TMPFILE: its files start under hidden names. Comes once for a directory and a batch. */
    default void withoutTemporaryFiles(BytePath directory, PosixException why) {}
}
