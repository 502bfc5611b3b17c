// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import static io.millrace.posix.Check.checkErrno;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

final class LinuxPipeCalls implements PipeCalls {
    static final int F_SETPIPE_SZ = 1031;
    static final int F_GETPIPE_SZ = 1032;
    static final long FIONREAD = 0x541B;

    @Override
    public Pipe pipe(Set<PipeFlag> flags) throws PosixException {
        int[] ends = new int[2];
        checkErrno("pipe2", "a new pipe", () -> LibC.pipe2(ends, PipeFlag.bits(flags)));
        return new Pipe(
                OwnedFd.of(ends[0], "pipe " + ends[0] + " (reading)"),
                OwnedFd.of(ends[1], "pipe " + ends[1] + " (writing)"));
    }

    @Override
    public int capacityBytes(OwnedFd pipe) throws PosixException {
        return checkErrno("F_GETPIPE_SZ", pipe, () -> LibC.syscall(Abi.HERE.fcntl, pipe.number(), F_GETPIPE_SZ, 0L));
    }

    @Override
    public int setCapacityBytes(OwnedFd pipe, int capacityBytes) throws PosixException {
        return checkErrno(
                "F_SETPIPE_SZ",
                pipe,
                () -> LibC.syscall(Abi.HERE.fcntl, pipe.number(), F_SETPIPE_SZ, (long) capacityBytes));
    }

    @Override
    public int pendingBytes(OwnedFd pipe) throws PosixException {
        try (var count = new Memory(Integer.BYTES)) {
            checkErrno("FIONREAD", pipe, () -> LibC.syscall(Abi.HERE.ioctl, pipe.number(), FIONREAD, count));
            return count.getInt(0);
        }
    }

    @Override
    public boolean isPipe(OwnedFd fd) {
        return Check.succeeds(() -> LibC.syscall(Abi.HERE.fcntl, fd.number(), F_GETPIPE_SZ, 0L));
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
        return checkErrno(
                "splice",
                in.subject() + " to " + out.subject(),
                range,
                () -> LibC.splice(in.number(), offset, out.number(), null, lengthBytes, SpliceFlag.bits(flags)));
    }

    @Override
    public long tee(OwnedFd from, OwnedFd to, long lengthBytes, Set<SpliceFlag> flags) throws PosixException {
        return checkErrno(
                "tee",
                from.subject() + " to " + to.subject(),
                null,
                () -> LibC.tee(from.number(), to.number(), lengthBytes, SpliceFlag.bits(flags)));
    }

    @Override
    public long vmsplice(NativeBuffer buffer, int lengthBytes, OwnedFd pipe, Set<SpliceFlag> flags)
            throws PosixException {
        Pointer iovec = buffer.iovec(0, lengthBytes);
        return checkErrno("vmsplice", pipe, () -> LibC.vmsplice(pipe.number(), iovec, 1, SpliceFlag.bits(flags)));
    }

    @Override
    public int poll(List<Poll> polls, int timeoutMillis) throws PosixException {
        try (var fds = new Memory((long) Math.max(1, polls.size()) * Poll.STRUCT_BYTES)) {
            for (int i = 0; i < polls.size(); i++) {
                long at = (long) i * Poll.STRUCT_BYTES;
                fds.setInt(at + Poll.FD, polls.get(i).fd().number());
                fds.setShort(at + Poll.EVENTS, (short) polls.get(i).events());
                fds.setShort(at + Poll.REVENTS, (short) 0);
            }
            int ready = checkErrno(
                    "poll", polls.size() + " descriptors", () -> LibC.poll(fds, polls.size(), timeoutMillis));
            for (int i = 0; i < polls.size(); i++) {
                polls.get(i).saw(fds.getShort((long) i * Poll.STRUCT_BYTES + Poll.REVENTS));
            }
            return ready;
        }
    }
}
