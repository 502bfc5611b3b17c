// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;

/**
 * Calls that move bytes between a descriptor and memory. EINTR and short transfers do not show. A range that does not
 * fit in the buffer is an {@link IndexOutOfBoundsException}.
 */
public interface IoCalls {
    /** A preadv2(2) flag: pages that the read brings into the page cache are dropped after it (Linux 6.14). */
    int RWF_DONTCACHE = 0x80;

    /**
     * pread(2) into the start of {@code buffer}, repeated until the range is read or the file ends.
     *
     * @return bytes read; fewer than asked for only at the end of the file
     */
    int pread(OwnedFd fd, NativeBuffer buffer, ByteRange range) throws PosixException;

    /**
     * preadv2(2) with RWF_DONTCACHE into the start of {@code buffer}, repeated as {@link #pread}. EOPNOTSUPP where
     * the kernel or the file system lacks it. Reads below 4 MiB may read the device twice (large folios).
     */
    int preadDontCache(OwnedFd fd, NativeBuffer buffer, ByteRange range) throws PosixException;

    /** pwrite(2) from the start of {@code buffer}, repeated until all is written. */
    void pwrite(OwnedFd fd, NativeBuffer buffer, ByteRange range) throws PosixException;

    /** read(2) once: bytes read, 0 at the end. EAGAIN on a non-blocking descriptor without input. */
    int read(OwnedFd fd, NativeBuffer buffer) throws PosixException;

    /**
     * write(2), repeated until {@code lengthBytes} from the start of {@code buffer} are written. EPIPE when nobody
     * reads. Not for non-blocking descriptors: EAGAIN does not tell how much was written before it.
     */
    void write(OwnedFd fd, NativeBuffer buffer, int lengthBytes) throws PosixException;

    /** fcntl(2) F_SETFL: reads and writes do not wait. Meant for ends of pipes and terminals of our own. */
    void setNonBlocking(OwnedFd fd) throws PosixException;

    /** read(2) once on a non-blocking descriptor: bytes read, 0 at the end, -1 where there is nothing yet. */
    int readNoWait(OwnedFd fd, NativeBuffer buffer) throws PosixException;

    /** As {@link #readNoWait(OwnedFd, NativeBuffer)}, of {@code lengthBytes} at most. */
    int readNoWait(OwnedFd fd, NativeBuffer buffer, int lengthBytes) throws PosixException;

    /** write(2) once on a non-blocking descriptor: bytes written, -1 where there is no room. EPIPE: nobody reads. */
    int writeNoWait(OwnedFd fd, NativeBuffer buffer, int offsetBytes, int lengthBytes) throws PosixException;
}
