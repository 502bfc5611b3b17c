// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;

/**
 * System calls that move bytes between a descriptor and memory. EINTR and short transfers are handled here. A range
 * that does not fit in the buffer is an {@link IndexOutOfBoundsException}. Any thread.
 */
public interface IoCalls {
    /** A preadv2(2) flag: pages that the read loads into the page cache are dropped after it (Linux 6.14). */
    int RWF_DONTCACHE = 0x80;

    /**
     * pread(2) into the start of {@code buffer}, repeated until the range is read or the file ends.
     *
     * @return bytes read; fewer than asked for only at the end of the file
     */
    int pread(OwnedFd fd, NativeBuffer buffer, ByteRange range) throws PosixException;

    /**
     * preadv2(2) with RWF_DONTCACHE into the start of {@code buffer}, repeated as {@link #pread}. EOPNOTSUPP if the
     * kernel or the file system does not support it. Reads below 4 MiB may read the device twice (large folios).
     */
    int preadDontCache(OwnedFd fd, NativeBuffer buffer, ByteRange range) throws PosixException;

    /**
     * pread(2) on a descriptor that is open with {@link OpenFlag#DIRECT}, into the start of {@code buffer}, repeated until the
     * range is read or the file ends. Offset and length are multiples of what the device wants ({@link
     * FileCalls#directAlignment}), else EINVAL; the file may end within the range. What of it is dirty in the page cache is
     * written first. <b>The read may be buffered all the same</b>, and nothing says so: on ext4 of inline_data and
     * data=journal, on btrfs of inline and compressed extents and where the buffer's first page is not in memory, on tmpfs
     * always. {@link ProcessCalls#threadUsage} tells whether a device was read.
     *
     * @return bytes read; fewer than asked for only at the end of the file
     */
    int preadDirect(OwnedFd fd, NativeBuffer buffer, ByteRange range) throws PosixException;

    /** pwrite(2) from the start of {@code buffer}, repeated until all is written. */
    void pwrite(OwnedFd fd, NativeBuffer buffer, ByteRange range) throws PosixException;

    /** read(2) once: returns the bytes read, 0 at the end. EAGAIN on a non-blocking descriptor without input. */
    int read(OwnedFd fd, NativeBuffer buffer) throws PosixException;

    /**
     * write(2), repeated until {@code lengthBytes} from the start of {@code buffer} are written. EPIPE if the pipe has
     * no reader. Not for non-blocking descriptors: EAGAIN does not say how much was written before it.
     */
    void write(OwnedFd fd, NativeBuffer buffer, int lengthBytes) throws PosixException;

    /**
     * fcntl(2) F_SETFL with O_NONBLOCK: reads and writes do not block. Meant for ends of our own pipes and terminals.
     */
    void setNonBlocking(OwnedFd fd) throws PosixException;

    /**
     * fcntl(2) F_SETFL with O_DIRECT or without it, for all who share the open file description. EINVAL where the file system
     * has no such reads.
     */
    void setDirect(OwnedFd fd, boolean direct) throws PosixException;

    /** read(2) once on a non-blocking descriptor: returns the bytes read, 0 at the end, -1 if there is no input yet. */
    int readNoWait(OwnedFd fd, NativeBuffer buffer) throws PosixException;

    /** Like {@link #readNoWait(OwnedFd, NativeBuffer)}, for at most {@code lengthBytes}. */
    int readNoWait(OwnedFd fd, NativeBuffer buffer, int lengthBytes) throws PosixException;

    /**
     * write(2) once on a non-blocking descriptor: returns the bytes written, -1 if there is no room. EPIPE: the pipe
     * has no reader.
     */
    int writeNoWait(OwnedFd fd, NativeBuffer buffer, int offsetBytes, int lengthBytes) throws PosixException;
}
