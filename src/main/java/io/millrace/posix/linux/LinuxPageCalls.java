// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.linux;

import static io.millrace.posix.libc.Check.checkErrno;
import static io.millrace.posix.libc.Check.checkInterrupted;
import static io.millrace.posix.libc.Check.checkReturned;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.millrace.posix.CacheStat;
import io.millrace.posix.MemoryMap;
import io.millrace.posix.PageCalls.Advice;
import io.millrace.posix.PageCalls;
import io.millrace.posix.libc.Abi;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.LibC;
import io.millrace.posix.libc.LibCOnDemand;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.libc.StructMemory;
import java.util.Objects;

public final class LinuxPageCalls implements PageCalls {
    static final int PROT_READ = 1;
    static final int PROT_WRITE = 2;
    static final int MAP_SHARED = 1;
    static final int MS_SYNC = 4;
    static final int FUTEX_WAKE_OP_PRIVATE = 5 | 128;
    /** FUTEX_OP(FUTEX_OP_ADD, 0, FUTEX_OP_CMP_EQ, 0). */
    static final int FUTEX_OP_ADD_ZERO = 1 << 28;

    static final long MAP_FAILED = -1;
    // Size and offsets of struct cachestat_range (linux/mman.h).
    static final int RANGE_BYTES = 16;
    static final int RANGE_OFFSET = 0;
    static final int RANGE_LENGTH = 8;
    private static final ThreadLocal<StructMemory> RANGE = StructMemory.ofBytes(RANGE_BYTES);
    private static final ThreadLocal<StructMemory> COUNT = StructMemory.ofBytes(CacheStat.STRUCT_BYTES);

    private final int pageBytes = LibC.getpagesize();

    @Override
    public int pageBytes() {
        return pageBytes;
    }

    @Override
    public void fadvise(OwnedFd fd, ByteRange range, Advice advice) throws PosixException {
        checkReturned(
                "posix_fadvise",
                fd,
                range,
                () -> LibC.posix_fadvise(fd.number(), range.offsetBytes(), range.lengthBytes(), advice.number));
    }

    @Override
    public CacheStat cachestat(OwnedFd fd, ByteRange range) throws PosixException {
        StructMemory asked = RANGE.get();
        asked.bytes().putLong(RANGE_OFFSET, range.offsetBytes()).putLong(RANGE_LENGTH, range.lengthBytes());
        StructMemory count = COUNT.get();
        while (LibC.syscall(Abi.HERE.cachestat, fd.number(), asked.address(), count.address(), 0L, 0L) == -1) {
            checkInterrupted("cachestat", fd, range);
        }
        return CacheStat.read(count.bytes());
    }

    @Override
    public MemoryMap mmap(OwnedFd fd, ByteRange range) throws PosixException {
        return mmap(fd, range, PROT_READ);
    }

    private static MemoryMap mmap(OwnedFd fd, ByteRange range, int protection) throws PosixException {
        Pointer address =
                LibC.mmap(null, range.lengthBytes(), protection, MAP_SHARED, fd.number(), range.offsetBytes());
        if (Pointer.nativeValue(address) == MAP_FAILED) {
            throw new PosixException("mmap", Native.getLastError(), fd, range);
        }
        return new MemoryMap(address, range, fd.subject());
    }

    @Override
    public MemoryMap mmapWritable(OwnedFd fd, ByteRange range) throws PosixException {
        return mmap(fd, range, PROT_READ | PROT_WRITE);
    }

    @Override
    public void addZero(MemoryMap map, long offsetBytes) throws PosixException {
        var word = new ByteRange(offsetBytes, Integer.BYTES);
        long at = Objects.checkIndex(
                offsetBytes - map.range().offsetBytes(), map.range().lengthBytes());
        long address = Pointer.nativeValue(map.address()) + at;
        checkErrno(
                "futex",
                map.subject(),
                word,
                () -> LibC.syscall(Abi.HERE.futex, address, FUTEX_WAKE_OP_PRIVATE, 0L, 0L, address, FUTEX_OP_ADD_ZERO));
    }

    @Override
    public void msync(MemoryMap map) throws PosixException {
        checkErrno(
                "msync",
                map.subject(),
                map.range(),
                () -> LibCOnDemand.msync(map.address(), map.range().lengthBytes(), MS_SYNC));
    }

    @Override
    public void mincore(MemoryMap map, NativeBuffer vector) throws PosixException {
        long pages = (map.range().lengthBytes() + pageBytes - 1) / pageBytes;
        if (pages > vector.sizeBytes()) {
            throw new IllegalArgumentException(pages + " pages do not fit in " + vector.sizeBytes() + " bytes");
        }
        checkErrno(
                "mincore",
                map.subject(),
                map.range(),
                () -> LibC.mincore(map.address(), map.range().lengthBytes(), vector.at(0, pages)));
    }
}
