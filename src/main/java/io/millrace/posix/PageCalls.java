// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;

/** System calls for the page cache of a file. Any thread. */
public interface PageCalls {
    /** Advice of posix_fadvise(2) for a range of a file. The numbers are Linux's on both architectures. */
    enum Advice {
        NORMAL(0),
        RANDOM(1),
        SEQUENTIAL(2),
        WILLNEED(3),
        DONTNEED(4),
        NOREUSE(5);

        public final int number;

        Advice(int number) {
            this.number = number;
        }
    }

    /** getpagesize(2): 4096 on x86-64; 4096, 16384 or 65536 on aarch64. */
    int pageBytes();

    /**
     * posix_fadvise(2), which returns its error. A length of 0 means to the end of the file. DONTNEED drops only
     * whole, clean pages without other references, and no folio that extends beyond the range.
     */
    void fadvise(OwnedFd fd, ByteRange range, Advice advice) throws PosixException;

    /**
     * cachestat(2), Linux 6.5; a length of 0 means to the end of the file. ENOSYS on older kernels, EPERM if the
     * caller neither owns nor may write the file, EOPNOTSUPP on hugetlbfs. On overlayfs it always counts 0.
     */
    CacheStat cachestat(OwnedFd fd, ByteRange range) throws PosixException;

    /**
     * mmap(2), read-only and shared, of a range that starts at a page boundary. Touches no page. The caller closes the
     * result; it must not be read, since a file that shrinks would end the process with SIGBUS.
     */
    MemoryMap mmap(OwnedFd fd, ByteRange range) throws PosixException;

    /**
     * mmap(2), shared and for reading and writing, of a range that starts on a page; the file is open for both, else EACCES.
     * Touches no page. The caller closes the result. For {@link #addZero} and {@link #msync}: a load or a store of Java into a
     * page that is gone would be a SIGBUS, which ends the JVM.
     */
    MemoryMap mmapWritable(OwnedFd fd, ByteRange range) throws PosixException;

    /**
     * Makes a page of the file dirty without changing it: the kernel adds 0 to the page's first word, atomically, so that a
     * store of another process is not lost, by futex(2) with FUTEX_WAKE_OP, which nobody waits for. The page is read first if
     * it is not in the page cache. Unlike a store of the process's own, it answers EFAULT where there is no such page, as the
     * file has shrunk or the page cannot be read.
     *
     * @param map made by {@link #mmapWritable}
     * @param offsetBytes in the file, a page of the range
     */
    void addZero(MemoryMap map, long offsetBytes) throws PosixException;

    /**
     * msync(2) with MS_SYNC: has what was stored into the mapping written, and waits for it. EIO where the device refused. No
     * substitute for {@link FileCalls#fdatasync}, which has the device write its own cache.
     */
    void msync(MemoryMap map) throws PosixException;

    /**
     * mincore(2): writes one byte per page into {@code vector}, with bit 0 set if the page is resident. <b>Reports
     * every page as resident</b> for a file that the caller neither owns nor may write (Linux 5.2).
     */
    void mincore(MemoryMap map, NativeBuffer vector) throws PosixException;
}
