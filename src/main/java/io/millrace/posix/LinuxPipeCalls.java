// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import static io.millrace.posix.Check.checkErrno;
import static io.millrace.posix.Check.interrupted;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

final class LinuxPipeCalls implements PipeCalls {
    private static final int F_SETPIPE_SZ = 1031;
    private static final int F_GETPIPE_SZ = 1032;
    private static final long FIONREAD = 0x541B;

    @Override
    public Pipe pipe(Set<PipeFlag> flags) throws PosixException {
        int[] ends = new int[2];
        checkErrno(LibC.pipe2(ends, PipeFlag.bits(flags)), "pipe2", "a new pipe");
        return new Pipe(
                OwnedFd.of(ends[0], "pipe " + ends[0] + " (reading)"),
                OwnedFd.of(ends[1], "pipe " + ends[1] + " (writing)"));
    }

    @Override
    public int capacityBytes(OwnedFd pipe) throws PosixException {
        return (int) checkErrno(
                LibC.syscall(Abi.HERE.fcntl, pipe.number(), F_GETPIPE_SZ, 0L), "F_GETPIPE_SZ", pipe, null);
    }

    @Override
    public int setCapacityBytes(OwnedFd pipe, int capacityBytes) throws PosixException {
        return (int) checkErrno(
                LibC.syscall(Abi.HERE.fcntl, pipe.number(), F_SETPIPE_SZ, (long) capacityBytes),
                "F_SETPIPE_SZ",
                pipe,
                null);
    }

    @Override
    public int pendingBytes(OwnedFd pipe) throws PosixException {
        try (var count = new Memory(Integer.BYTES)) {
            checkErrno(LibC.syscall(Abi.HERE.ioctl, pipe.number(), FIONREAD, count), "FIONREAD", pipe, null);
            return count.getInt(0);
        }
    }

    @Override
    public boolean isPipe(OwnedFd fd) {
        return LibC.syscall(Abi.HERE.fcntl, fd.number(), F_GETPIPE_SZ, 0L) != -1;
    }

    @Override
    public long spliceFromFile(OwnedFd file, ByteRange range, OwnedFd pipe, Set<SpliceFlag> flags)
            throws PosixException {
        try (var offset = new Memory(Long.BYTES)) {
            offset.setLong(0, range.offsetBytes());
            return splice(file, offset, pipe, range.lengthBytes(), flags, range);
        }
    }

    @Override
    public long splice(OwnedFd pipe, OwnedFd out, long lengthBytes, Set<SpliceFlag> flags) throws PosixException {
        return splice(pipe, null, out, lengthBytes, flags, null);
    }

    private static long splice(
            OwnedFd in,
            @Nullable Pointer offset,
            OwnedFd out,
            long lengthBytes,
            Set<SpliceFlag> flags,
            @Nullable ByteRange range)
            throws PosixException {
        long moved;
        do {
            moved = LibC.splice(in.number(), offset, out.number(), null, lengthBytes, SpliceFlag.bits(flags));
        } while (interrupted(moved));
        return checkErrno(moved, "splice", in.subject() + " to " + out.subject(), range);
    }

    @Override
    public long tee(OwnedFd from, OwnedFd to, long lengthBytes, Set<SpliceFlag> flags) throws PosixException {
        long copied;
        do {
            copied = LibC.tee(from.number(), to.number(), lengthBytes, SpliceFlag.bits(flags));
        } while (interrupted(copied));
        return checkErrno(copied, "tee", from.subject() + " to " + to.subject(), null);
    }

    @Override
    public long vmsplice(NativeBuffer buffer, int lengthBytes, OwnedFd pipe, Set<SpliceFlag> flags)
            throws PosixException {
        long moved;
        do {
            moved = LibC.vmsplice(pipe.number(), buffer.iovec(0, lengthBytes), 1, SpliceFlag.bits(flags));
        } while (interrupted(moved));
        return checkErrno(moved, "vmsplice", pipe, null);
    }

    @Override
    public int poll(List<Poll> polls, int timeoutMillis) throws PosixException {
        try (var fds = new Memory((long) Math.max(1, polls.size()) * Poll.STRUCT_BYTES)) {
            for (int i = 0; i < polls.size(); i++) {
                long at = (long) i * Poll.STRUCT_BYTES;
                fds.setInt(at, polls.get(i).fd().number());
                fds.setShort(at + 4, (short) polls.get(i).events());
                fds.setShort(at + 6, (short) 0);
            }
            int ready;
            do {
                ready = LibC.poll(fds, polls.size(), timeoutMillis);
            } while (interrupted(ready));
            checkErrno(ready, "poll", polls.size() + " descriptors");
            for (int i = 0; i < polls.size(); i++) {
                polls.get(i).saw(fds.getShort((long) i * Poll.STRUCT_BYTES + 6));
            }
            return ready;
        }
    }
}
