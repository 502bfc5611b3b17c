// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.PosixException;

/** Receives events of a {@link Preallocator}, on the thread that runs it. */
public interface AllocationListener {
    /** Ignores all events. */
    AllocationListener NONE = new AllocationListener() {};

    /** Called once for every path, in order, with the result. */
    default void finished(AllocationResult outcome) {}

    /** Called after each step of a batch and each piece of zeros: often, as a sign of progress. */
    default void progressed() {}

    /**
     * Called if a directory may not be read, so that fsync(2) cannot sync the names in it: a power failure may undo
     * them. Once for each directory and batch.
     */
    default void onNameNotSynced(BytePath directory) {}

    /**
     * Called if a directory does not support O_TMPFILE: its files are created under hidden names. Once for each
     * directory and batch.
     */
    default void withoutTemporaryFiles(BytePath directory, PosixException why) {}
}
