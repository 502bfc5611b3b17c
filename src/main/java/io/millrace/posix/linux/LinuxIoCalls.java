// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.linux;

import static io.millrace.posix.libc.Check.checkErrno;
import static io.millrace.posix.libc.Check.checkInterrupted;
import static io.millrace.posix.libc.Check.wasInterrupted;

import com.sun.jna.Native;
import io.millrace.posix.IoCalls;
import io.millrace.posix.libc.Abi;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.LibC;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

public final class LinuxIoCalls implements IoCalls {
    static final int F_GETFL = 3;
    static final int F_SETFL = 4;

    /** No device has smaller blocks. */
    private static final int SECTOR_BYTES = 512;

    /** One call for the remaining bytes, given the number of bytes done. */
    private interface Transfer {
        long once(long doneBytes, long leftBytes);
    }

    @Override
    public int pread(OwnedFd fd, NativeBuffer buffer, ByteRange range) throws PosixException {
        long done = 0;
        while (done < range.lengthBytes()) {
            long left = range.lengthBytes() - done;
            long count;
            while ((count = LibC.pread(fd.number(), buffer.addressAt(done, left), left, range.offsetBytes() + done))
                    == -1) {
                checkInterrupted("pread", fd, rest(range, done));
            }
            if (count == 0) {
                break;
            }
            done += count;
        }
        return (int) done;
    }

    @Override
    public int preadDontCache(OwnedFd fd, NativeBuffer buffer, ByteRange range) throws PosixException {
        long done = 0;
        while (done < range.lengthBytes()) {
            long left = range.lengthBytes() - done;
            long count;
            while ((count = LibC.preadv2(
                            fd.number(), buffer.iovecAt(done, left), 1, range.offsetBytes() + done, RWF_DONTCACHE))
                    == -1) {
                checkInterrupted("preadv2", fd, rest(range, done));
            }
            if (count == 0) {
                break;
            }
            done += count;
        }
        return (int) done;
    }

    @Override
    public int preadDirect(OwnedFd fd, NativeBuffer buffer, ByteRange range) throws PosixException {
        long done = 0;
        while (done < range.lengthBytes() && done % SECTOR_BYTES == 0) { // the end of the file is where no sector ends
            long left = range.lengthBytes() - done;
            long count;
            while ((count = LibC.pread(fd.number(), buffer.addressAt(done, left), left, range.offsetBytes() + done))
                    == -1) {
                if (done > 0 && Native.getLastError() == Errno.EINVAL.number()) {
                    return (int) done; // the file ends within a block of the device, though not within a sector
                }
                checkInterrupted("pread", fd, rest(range, done));
            }
            if (count == 0) {
                break;
            }
            done += count;
        }
        return (int) done;
    }

    @Override
    public void pwrite(OwnedFd fd, NativeBuffer buffer, ByteRange range) throws PosixException {
        write(
                "pwrite",
                fd,
                range,
                range.lengthBytes(),
                (done, left) -> LibC.pwrite(fd.number(), buffer.at(done, left), left, range.offsetBytes() + done));
    }

    @Override
    public int read(OwnedFd fd, NativeBuffer buffer) throws PosixException {
        return checkErrno(
                "read", fd, () -> LibC.read(fd.number(), buffer.addressAt(0, buffer.sizeBytes()), buffer.sizeBytes()));
    }

    @Override
    public void write(OwnedFd fd, NativeBuffer buffer, int lengthBytes) throws PosixException {
        Objects.checkFromIndexSize(0, lengthBytes, buffer.sizeBytes());
        write(
                "write",
                fd,
                null,
                lengthBytes,
                (done, left) -> LibC.write(fd.number(), buffer.addressAt(done, left), left));
    }

    @Override
    public void setNonBlocking(OwnedFd fd) throws PosixException {
        int flags = checkErrno("F_GETFL", fd, () -> LibC.syscall(Abi.HERE.fcntl, fd.number(), F_GETFL, 0L));
        long wanted = flags | OpenFlag.NONBLOCK.bits;
        checkErrno("F_SETFL", fd, () -> LibC.syscall(Abi.HERE.fcntl, fd.number(), F_SETFL, wanted));
    }

    @Override
    public void setDirect(OwnedFd fd, boolean direct) throws PosixException {
        int flags = checkErrno("F_GETFL", fd, () -> LibC.syscall(Abi.HERE.fcntl, fd.number(), F_GETFL, 0L));
        long wanted = direct ? flags | OpenFlag.DIRECT.bits : flags & ~OpenFlag.DIRECT.bits;
        checkErrno("F_SETFL", fd, () -> LibC.syscall(Abi.HERE.fcntl, fd.number(), F_SETFL, wanted));
    }

    @Override
    public int readNoWait(OwnedFd fd, NativeBuffer buffer) throws PosixException {
        return readNoWait(fd, buffer, buffer.sizeBytes());
    }

    @Override
    public int readNoWait(OwnedFd fd, NativeBuffer buffer, int lengthBytes) throws PosixException {
        long count;
        do {
            count = LibC.read(fd.number(), buffer.addressAt(0, lengthBytes), lengthBytes);
        } while (count == -1 && wasInterrupted("read", fd, null));
        return (int) count;
    }

    @Override
    public int writeNoWait(OwnedFd fd, NativeBuffer buffer, int offsetBytes, int lengthBytes) throws PosixException {
        long count;
        do {
            count = LibC.write(fd.number(), buffer.addressAt(offsetBytes, lengthBytes), lengthBytes);
        } while (count == -1 && wasInterrupted("write", fd, null));
        return (int) count;
    }

    /** Repeats until all is written. A device that accepts no byte and returns no error has failed, too. */
    private static void write(String call, OwnedFd fd, @Nullable ByteRange range, long lengthBytes, Transfer transfer)
            throws PosixException {
        long done = 0;
        while (done < lengthBytes) {
            long count = once(call, fd, range, done, lengthBytes - done, transfer);
            if (count == 0) {
                throw new PosixException(call, Errno.EIO, fd, rest(range, done));
            }
            done += count;
        }
    }

    private static long once(
            String call, OwnedFd fd, @Nullable ByteRange range, long done, long left, Transfer transfer)
            throws PosixException {
        return checkErrno(call, fd, rest(range, done), () -> transfer.once(done, left));
    }

    /** An error after some bytes is reported with the offset at which it occurred. */
    private static @Nullable ByteRange rest(@Nullable ByteRange range, long done) {
        return range == null || done == 0 ? range : ByteRange.between(range.offsetBytes() + done, range.endBytes());
    }
}
