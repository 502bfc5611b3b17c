// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import java.util.function.Consumer;

/** Calls on the blocks behind a file. Offsets and lengths are 64-bit throughout. */
public interface SpaceCalls {
    /**
     * fallocate(2). EOPNOTSUPP where the file system lacks the mode; ENOSPC, after which ext4 keeps what it had
     * already allocated; EFBIG; EINTR is retried.
     */
    void fallocate(OwnedFd fd, AllocateMode mode, ByteRange range) throws PosixException;

    /**
     * posix_fallocate(3): as mode {@link AllocateMode#RESERVE}, but where the file system has no fallocate, glibc
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
