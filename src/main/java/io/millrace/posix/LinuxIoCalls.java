// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import static io.millrace.posix.Check.checkErrno;
import static io.millrace.posix.Check.interrupted;

final class LinuxIoCalls implements IoCalls {
    /** One transfer at an offset of the buffer and the file: what the C functions have in common. */
    private interface Transfer {
        long once(long doneBytes, long leftBytes);
    }

    @Override
    public int pread(OwnedFd fd, NativeBuffer buffer, ByteRange range) throws PosixException {
        int number = fd.number();
        return (int) repeat(
                "pread",
                fd,
                range,
                (done, left) -> LibC.pread(number, buffer.at(done), left, range.offsetBytes() + done));
    }

    @Override
    public int preadDontCache(OwnedFd fd, NativeBuffer buffer, ByteRange range) throws PosixException {
        int number = fd.number();
        return (int) repeat(
                "preadv2",
                fd,
                range,
                (done, left) ->
                        LibC.preadv2(number, buffer.iovec(done, left), 1, range.offsetBytes() + done, RWF_DONTCACHE));
    }

    @Override
    public void pwrite(OwnedFd fd, NativeBuffer buffer, ByteRange range) throws PosixException {
        int number = fd.number();
        var unused = repeat(
                "pwrite",
                fd,
                range,
                (done, left) -> LibC.pwrite(number, buffer.at(done), left, range.offsetBytes() + done));
    }

    @Override
    public int read(OwnedFd fd, NativeBuffer buffer) throws PosixException {
        long count;
        do {
            count = LibC.read(fd.number(), buffer.at(0), buffer.sizeBytes());
        } while (interrupted(count));
        return (int) checkErrno(count, "read", fd, null);
    }

    @Override
    public void write(OwnedFd fd, NativeBuffer buffer, int lengthBytes) throws PosixException {
        int number = fd.number();
        var unused = repeat(
                "write", fd, new ByteRange(0, lengthBytes), (done, left) -> LibC.write(number, buffer.at(done), left));
    }

    /**
     * Until the range is done or a transfer of 0 says the end. An error after some bytes is reported with the offset
     * at which it struck.
     */
    private static long repeat(String call, OwnedFd fd, ByteRange range, Transfer transfer) throws PosixException {
        long done = 0;
        while (done < range.lengthBytes()) {
            long left = range.lengthBytes() - done;
            long count = transfer.once(done, left);
            if (interrupted(count)) {
                continue;
            }
            checkErrno(count, call, fd, new ByteRange(range.offsetBytes() + done, left));
            if (count == 0) {
                break;
            }
            done += count;
        }
        return done;
    }
}
