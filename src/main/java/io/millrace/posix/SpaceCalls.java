// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.function.Consumer;

/** Calls on the blocks behind a file. Offsets and lengths are 64-bit throughout. */
public interface SpaceCalls {
    /** What fallocate(2) does to a range. */
    enum FallocateMode {
        /** Reserves blocks and grows the file's length to the end of the range. */
        RESERVE(0x00),
        /** Reserves blocks and leaves the length alone. */
        RESERVE_KEEP_SIZE(0x01),
        /** Gives the blocks back, which then read as zeros; the length stays. */
        PUNCH_HOLE(0x03),
        /** Reserves blocks and makes the range read as zeros, without writing where the file system can. */
        ZERO(0x10),
        ZERO_KEEP_SIZE(0x11);

        public final int bits;

        FallocateMode(int bits) {
            this.bits = bits;
        }
    }

    /**
     * fallocate(2). EOPNOTSUPP where the file system lacks the mode; ENOSPC, after which ext4 keeps what it had
     * already allocated; EFBIG; EINTR is retried.
     */
    void fallocate(OwnedFd fd, FallocateMode mode, ByteRange range) throws PosixException;

    /**
     * posix_fallocate(3): as mode {@link FallocateMode#RESERVE}, but where the file system has no fallocate, glibc
     * writes a byte into every block: slow, and racy with concurrent writers.
     */
    void posixFallocate(OwnedFd fd, ByteRange range) throws PosixException;

    /**
     * FS_IOC_FIEMAP over a range, after writing out what is delayed: each extent in order, some hundred a call, so that memory
     * does not grow with a fragmented file. EOPNOTSUPP where the file system has none.
     *
     * @param each called in this thread
     */
    void extents(OwnedFd fd, ByteRange range, Consumer<Extent> each) throws PosixException;

    /**
     * Whether FS_IOC_GETFLAGS shows FS_NOCOW_FL: the file's blocks are rewritten in place even on btrfs. ENOTTY or
     * EOPNOTSUPP where the file system has no such flags.
     */
    boolean isNoCopyOnWrite(OwnedFd fd) throws PosixException;
}
