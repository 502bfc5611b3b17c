// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import io.millrace.posix.libc.Abi;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.List;
import java.util.Set;

/**
 * System calls for pipes, and poll. The JVM ignores SIGPIPE: a write to a pipe without a reader fails with EPIPE. Any
 * thread.
 */
public interface PipeCalls {
    /** Both ends of a pipe; the holder closes them or passes on their ownership. */
    record Pipe(OwnedFd readEnd, OwnedFd writeEnd) implements AutoCloseable {
        @Override
        public void close() {
            readEnd.close();
            writeEnd.close();
        }
    }

    /** Flags of pipe2(2). O_CLOEXEC is not among them because every pipe here has it. */
    enum PipeFlag {
        NONBLOCK(0x800),
        /** Packet mode: each write is one read (Linux 3.4). */
        DIRECT(Abi.HERE.oDirect);

        public final int bits;

        PipeFlag(int bits) {
            this.bits = bits;
        }

        public static int bits(Set<PipeFlag> flags) {
            int bits = OpenFlag.O_CLOEXEC;
            for (PipeFlag flag : flags) {
                bits |= flag.bits;
            }
            return bits;
        }
    }

    /** Flags of splice(2), tee(2) and vmsplice(2). */
    enum SpliceFlag {
        MOVE(1),
        /** Fail with EAGAIN instead of blocking on the pipe. */
        NONBLOCK(2),
        MORE(4),
        /** vmsplice only: the pages are given to the kernel and may never be written again. */
        GIFT(8);

        public final int bits;

        SpliceFlag(int bits) {
            this.bits = bits;
        }

        public static int bits(Set<SpliceFlag> flags) {
            int bits = 0;
            for (SpliceFlag flag : flags) {
                bits |= flag.bits;
            }
            return bits;
        }
    }

    /** pipe2(2), close-on-exec. EMFILE, ENFILE if descriptors run out. The caller closes both ends. */
    Pipe pipe(Set<PipeFlag> flags) throws PosixException;

    /** fcntl(2) F_GETPIPE_SZ: the capacity in bytes (Linux 2.6.35). EBADF if the descriptor is no pipe. */
    int capacityBytes(OwnedFd pipe) throws PosixException;

    /**
     * fcntl(2) F_SETPIPE_SZ, rounded up to a power of two by the kernel. EPERM beyond pipe-max-size or once the user's
     * pipe pages are used up; EBUSY if the pipe holds more than that.
     *
     * @return the new capacity
     */
    int setCapacityBytes(OwnedFd pipe, int capacityBytes) throws PosixException;

    /** ioctl(2) FIONREAD: the unread bytes in the pipe. */
    int pendingBytes(OwnedFd pipe) throws PosixException;

    /** Whether splice(2) treats the descriptor as a pipe or FIFO. */
    boolean isPipe(OwnedFd fd);

    /**
     * splice(2) from a range of a file into a pipe, which moves pages instead of copying. Returns the bytes moved; 0
     * at the end of the file. EINVAL if the file system does not support it; EAGAIN with {@link SpliceFlag#NONBLOCK};
     * EPIPE if the pipe has no reader.
     */
    long spliceFromFile(OwnedFd file, ByteRange range, OwnedFd pipe, Set<SpliceFlag> flags) throws PosixException;

    /** Like {@link #spliceFromFile} with NONBLOCK, but returns -1 if the pipe is full. It may block on the device. */
    long spliceFromFileNoWait(OwnedFd file, ByteRange range, OwnedFd pipe) throws PosixException;

    /** splice(2) from a pipe into another descriptor at its own file offset; 0 at the end of the pipe. */
    long splice(OwnedFd pipe, OwnedFd out, long lengthBytes, Set<SpliceFlag> flags) throws PosixException;

    /**
     * Like {@link #splice} between two pipes, with NONBLOCK: -1 if {@code from} is empty or {@code to} is full; 0 at
     * the end of {@code from}. EINVAL if both are the same pipe.
     */
    long spliceNoWait(OwnedFd from, OwnedFd to, long lengthBytes) throws PosixException;

    /** tee(2): duplicates the bytes of one pipe into another, without consuming them. */
    long tee(OwnedFd from, OwnedFd to, long lengthBytes, Set<SpliceFlag> flags) throws PosixException;

    /**
     * vmsplice(2) of the start of {@code buffer}, which must not be written until the pipe's reader has consumed the
     * bytes.
     */
    long vmsplice(NativeBuffer buffer, int lengthBytes, OwnedFd pipe, Set<SpliceFlag> flags) throws PosixException;

    /** Like {@link #vmsplice} with NONBLOCK, but returns -1 if the pipe is full. */
    long vmspliceNoWait(NativeBuffer buffer, int lengthBytes, OwnedFd pipe) throws PosixException;

    /**
     * poll(2). After EINTR the call is repeated with the whole time-out.
     *
     * @param timeoutMillis -1 waits without limit
     * @return how many of {@code polls} have events
     */
    int poll(List<Poll> polls, int timeoutMillis) throws PosixException;
}
