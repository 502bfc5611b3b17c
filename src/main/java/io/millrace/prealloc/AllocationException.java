// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.PosixException;
import java.io.IOException;

/** A reservation that was refused, or taken back, although no system call failed for good. One line, names the file. */
public final class AllocationException extends IOException {
    /** Why. */
    public enum Refusal {
        /** The reserve of free space would be crossed, or there is less space than asked for. */
        SPACE,
        /** No file can be made, although there may be space: all inodes of the file system are in use. */
        INODES,
        /** A file that exists would have been harmed. */
        EXISTING,
        /** Not a file that has blocks to reserve. */
        KIND,
        /** The file system has no fallocate, and emulation was not asked for or cannot serve. */
        EMULATION,
        /** The call succeeded and the blocks are not there. */
        NOT_RESERVED,
        /** The calls succeeded and the file has another mode or owner than it was given. */
        UNLIKE,
        /** More gaps between extents than can be remembered to undo the reservation. */
        FRAGMENTED,
        /** Asked to stop before this one was begun. */
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
