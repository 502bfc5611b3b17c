// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.linux;

import static io.millrace.posix.libc.Check.checkErrno;
import static io.millrace.posix.libc.Check.checkInterrupted;
import static io.millrace.posix.libc.Check.wasInterrupted;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.millrace.posix.PipeCalls.Pipe;
import io.millrace.posix.PipeCalls.PipeFlag;
import io.millrace.posix.PipeCalls.SpliceFlag;
import io.millrace.posix.PipeCalls;
import io.millrace.posix.Poll;
import io.millrace.posix.libc.Abi;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Check;
import io.millrace.posix.libc.LibC;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.libc.StructMemory;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

public final class LinuxPipeCalls implements PipeCalls {
    static final int F_SETPIPE_SZ = 1031;
    static final int F_GETPIPE_SZ = 1032;
    static final long FIONREAD = 0x541B;

    /** A null pointer: use the descriptor's own file offset; required for a pipe. */
    private static final long NO_OFFSET = 0;

    private static final int FEW_POLLS = 128;
    private static final ThreadLocal<StructMemory> POLLS = StructMemory.ofBytes(FEW_POLLS * Poll.STRUCT_BYTES);
    private static final ThreadLocal<StructMemory> NUMBER = StructMemory.ofBytes(Long.BYTES);

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
        StructMemory count = NUMBER.get();
        while (LibC.syscall(Abi.HERE.ioctl, pipe.number(), FIONREAD, count.address()) == -1) {
            checkInterrupted("FIONREAD", pipe, null);
        }
        return count.bytes().getInt(0);
    }

    @Override
    public boolean isPipe(OwnedFd fd) {
        return Check.succeeds(() -> LibC.syscall(Abi.HERE.fcntl, fd.number(), F_GETPIPE_SZ, 0L));
    }

    @Override
    public long spliceFromFile(OwnedFd file, ByteRange range, OwnedFd pipe, Set<SpliceFlag> flags)
            throws PosixException {
        StructMemory offset = NUMBER.get();
        offset.bytes().putLong(0, range.offsetBytes());
        return splice(file, offset.address(), pipe, range.lengthBytes(), flags, range);
    }

    @Override
    public long spliceFromFileNoWait(OwnedFd file, ByteRange range, OwnedFd pipe) throws PosixException {
        StructMemory offset = NUMBER.get();
        offset.bytes().putLong(0, range.offsetBytes());
        long moved;
        do {
            moved = LibC.splice(
                    file.number(),
                    offset.address(),
                    pipe.number(),
                    NO_OFFSET,
                    range.lengthBytes(),
                    SpliceFlag.NONBLOCK.bits);
        } while (moved == -1 && wasInterrupted("splice", file, range));
        return moved;
    }

    @Override
    public long splice(OwnedFd pipe, OwnedFd out, long lengthBytes, Set<SpliceFlag> flags) throws PosixException {
        return splice(pipe, NO_OFFSET, out, lengthBytes, flags, null);
    }

    @Override
    public long spliceNoWait(OwnedFd from, OwnedFd to, long lengthBytes) throws PosixException {
        long moved;
        do {
            moved = LibC.splice(
                    from.number(), NO_OFFSET, to.number(), NO_OFFSET, lengthBytes, SpliceFlag.NONBLOCK.bits);
        } while (moved == -1 && wasInterrupted("splice", from.subject() + " to " + to.subject(), null));
        return moved;
    }

    private static long splice(
            OwnedFd in,
            long offsetAddress,
            OwnedFd out,
            long lengthBytes,
            Set<SpliceFlag> flags,
            @Nullable ByteRange range)
            throws PosixException {
        return checkErrno(
                "splice",
                in.subject() + " to " + out.subject(),
                range,
                () -> LibC.splice(
                        in.number(), offsetAddress, out.number(), NO_OFFSET, lengthBytes, SpliceFlag.bits(flags)));
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
        long iovec = buffer.iovecAt(0, lengthBytes);
        return checkErrno("vmsplice", pipe, () -> LibC.vmsplice(pipe.number(), iovec, 1, SpliceFlag.bits(flags)));
    }

    @Override
    public long vmspliceNoWait(NativeBuffer buffer, int lengthBytes, OwnedFd pipe) throws PosixException {
        long iovec = buffer.iovecAt(0, lengthBytes);
        long moved;
        do {
            moved = LibC.vmsplice(pipe.number(), iovec, 1, SpliceFlag.NONBLOCK.bits);
        } while (moved == -1 && wasInterrupted("vmsplice", pipe, null));
        return moved;
    }

    @Override
    public int poll(List<Poll> polls, int timeoutMillis) throws PosixException {
        if (polls.size() <= FEW_POLLS) {
            StructMemory fds = POLLS.get();
            return poll(polls, timeoutMillis, fds.address(), fds.bytes());
        }
        try (var fds = new Memory((long) polls.size() * Poll.STRUCT_BYTES)) {
            return poll(polls, timeoutMillis, Pointer.nativeValue(fds), fds.getByteBuffer(0, fds.size()));
        }
    }

    private static int poll(List<Poll> polls, int timeoutMillis, long address, ByteBuffer bytes) throws PosixException {
        for (int i = 0; i < polls.size(); i++) {
            int at = i * Poll.STRUCT_BYTES;
            bytes.putInt(at + Poll.FD, polls.get(i).fd().number());
            bytes.putShort(at + Poll.EVENTS, (short) polls.get(i).events());
            bytes.putShort(at + Poll.REVENTS, (short) 0);
        }
        int ready;
        while ((ready = LibC.poll(address, polls.size(), timeoutMillis)) == -1) {
            checkInterrupted("poll", polls.size() + " descriptors", null);
        }
        for (int i = 0; i < polls.size(); i++) {
            polls.get(i).saw(bytes.getShort(i * Poll.STRUCT_BYTES + Poll.REVENTS));
        }
        return ready;
    }
}
