// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.linux;

import static io.millrace.posix.libc.Check.checkErrno;
import static io.millrace.posix.libc.Check.checkReturned;

import com.sun.jna.Memory;
import io.millrace.posix.Extent;
import io.millrace.posix.SpaceCalls.FallocateMode;
import io.millrace.posix.SpaceCalls;
import io.millrace.posix.libc.Abi;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.LibC;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.function.Consumer;

public final class LinuxSpaceCalls implements SpaceCalls {
    static final long FS_IOC_FIEMAP = 0xC020_660BL;
    static final long FS_IOC_GETFLAGS = 0x8008_6601L;
    static final int FS_NOCOW_FL = 0x80_0000;
    static final int FIEMAP_FLAG_SYNC = 1;
    // Size and offsets of struct fiemap (linux/fiemap.h), which the extents follow.
    static final int FIEMAP_HEADER_BYTES = 32;
    static final int FIEMAP_START = 0;
    static final int FIEMAP_LENGTH = 8;
    static final int FIEMAP_FLAGS = 16;
    static final int FIEMAP_MAPPED = 20;
    static final int FIEMAP_ROOM = 24;
    static final int EXTENTS_PER_CALL = 512;

    @Override
    public void fallocate(OwnedFd fd, FallocateMode mode, ByteRange range) throws PosixException {
        checkErrno(
                "fallocate",
                fd,
                range,
                () -> LibC.fallocate(fd.number(), mode.bits, range.offsetBytes(), range.lengthBytes()));
    }

    @Override
    public void posixFallocate(OwnedFd fd, ByteRange range) throws PosixException {
        checkReturned(
                "posix_fallocate",
                fd,
                range,
                () -> LibC.posix_fallocate(fd.number(), range.offsetBytes(), range.lengthBytes()));
    }

    @Override
    public void extents(OwnedFd fd, ByteRange range, Consumer<Extent> each) throws PosixException {
        extents(fd, range, FIEMAP_FLAG_SYNC, each);
    }

    @Override
    public void extentsWithoutSync(OwnedFd fd, ByteRange range, Consumer<Extent> each) throws PosixException {
        extents(fd, range, 0, each);
    }

    private static void extents(OwnedFd fd, ByteRange range, int flags, Consumer<Extent> each) throws PosixException {
        try (var map = new Memory(FIEMAP_HEADER_BYTES + (long) EXTENTS_PER_CALL * Extent.STRUCT_BYTES)) {
            long start = range.offsetBytes();
            while (start < range.endBytes()) {
                map.clear(FIEMAP_HEADER_BYTES);
                map.setLong(FIEMAP_START, start);
                map.setLong(FIEMAP_LENGTH, range.endBytes() - start);
                map.setInt(FIEMAP_FLAGS, flags);
                map.setInt(FIEMAP_ROOM, EXTENTS_PER_CALL);
                checkErrno(
                        "FS_IOC_FIEMAP",
                        fd,
                        range,
                        () -> LibC.syscall(Abi.HERE.ioctl, fd.number(), FS_IOC_FIEMAP, map));
                int found = map.getInt(FIEMAP_MAPPED);
                Extent last = null;
                for (int i = 0; i < found; i++) {
                    last = Extent.read(map, FIEMAP_HEADER_BYTES + (long) i * Extent.STRUCT_BYTES);
                    each.accept(last);
                }
                if (last == null || last.isLast()) {
                    break;
                }
                start = last.range().endBytes();
            }
        }
    }

    @Override
    public boolean isNoCopyOnWrite(OwnedFd fd) throws PosixException {
        try (var flags = new Memory(Long.BYTES)) {
            checkErrno("FS_IOC_GETFLAGS", fd, () -> LibC.syscall(Abi.HERE.ioctl, fd.number(), FS_IOC_GETFLAGS, flags));
            return (flags.getInt(0) & FS_NOCOW_FL) != 0;
        }
    }
}
