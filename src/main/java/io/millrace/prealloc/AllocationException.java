// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.PosixException;
import java.io.IOException;

/**
 * A reservation was refused or rolled back although no system call failed for good. The message is one line and names
 * the file.
 */
public final class AllocationException extends IOException {
    /** The reason. */
    public enum Refusal {
        /** The free space would fall below the reserve, or is less than the request. */
        SPACE,
        /** No file can be created, although there may be space: all inodes of the file system are in use. */
        INODES,
        /** An existing file would have lost data or changed its length. */
        EXISTING,
        /** The file is of a type that has no blocks to reserve. */
        KIND,
        /** The file system has no fallocate, and emulation was not requested or is not possible. */
        EMULATION,
        /** The call succeeded, but the blocks are not allocated. */
        NOT_RESERVED,
        /** The calls succeeded, but the file has another mode or owner than requested. */
        UNLIKE,
        /** The file has more gaps between extents than can be recorded to undo the reservation. */
        FRAGMENTED,
        /** A stop was requested before this file was started. */
        STOPPED
    }

    private static final long serialVersionUID = 1L;

    private final Refusal refusal;

    AllocationException(Refusal refusal, BytePath path, String why) {
        super(path.display() + ": " + why);
        this.refusal = refusal;
    }

    AllocationException(Refusal refusal, PosixException cause, String why) {
        super(cause.getMessage() + "; " + why, cause);
        this.refusal = refusal;
    }

    public Refusal refusal() {
        return refusal;
    }
}
