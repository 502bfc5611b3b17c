// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.function.Consumer;

/** System calls for the blocks of a file. Offsets and lengths are 64-bit throughout. Any thread. */
public interface SpaceCalls {
    /** Modes of fallocate(2). */
    enum FallocateMode {
        /** Reserves blocks and grows the file's length to the end of the range. */
        RESERVE(0x00),
        /** Reserves blocks and leaves the length unchanged. */
        RESERVE_KEEP_SIZE(0x01),
        /** Releases the blocks, so that the range reads as zeros; the length stays. */
        PUNCH_HOLE(0x03),
        /** Reserves blocks and makes the range read as zeros, without writing if the file system can. */
        ZERO(0x10),
        ZERO_KEEP_SIZE(0x11);

        public final int bits;

        FallocateMode(int bits) {
            this.bits = bits;
        }
    }

    /**
     * fallocate(2). EOPNOTSUPP if the file system lacks the mode; ENOSPC, after which ext4 keeps what it had already
     * allocated; EFBIG; EINTR is retried.
     */
    void fallocate(OwnedFd fd, FallocateMode mode, ByteRange range) throws PosixException;

    /**
     * posix_fallocate(3): as mode {@link FallocateMode#RESERVE}, but if the file system has no fallocate, glibc writes
     * a byte into every block: slow, and racy with concurrent writers.
     */
    void posixFallocate(OwnedFd fd, ByteRange range) throws PosixException;

    /**
     * FS_IOC_FIEMAP over a range, after delayed allocations are written: passes on each extent in order, about a
     * hundred per call, so that memory does not grow with a fragmented file. EOPNOTSUPP if the file system does not
     * support it.
     *
     * @param each called in this thread
     */
    void extents(OwnedFd fd, ByteRange range, Consumer<Extent> each) throws PosixException;

    /**
     * As {@link #extents}, as the file system has them now: nothing is written out first, and what is delayed shows as extents
     * without an address ({@link Extent#hasAddress}).
     */
    void extentsWithoutSync(OwnedFd fd, ByteRange range, Consumer<Extent> each) throws PosixException;

    /**
     * Whether FS_IOC_GETFLAGS shows FS_NOCOW_FL: the file's blocks are rewritten in place even on btrfs. ENOTTY or
     * EOPNOTSUPP if the file system has no such flags.
     */
    boolean isNoCopyOnWrite(OwnedFd fd) throws PosixException;
}
