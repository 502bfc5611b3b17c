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

/** Calls on pipes, and poll. SIGPIPE is ignored by the JVM: a pipe that nobody reads is EPIPE. */
public interface PipeCalls {
    /** Both ends of a pipe, owned until they are handed on or closed. */
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
        /** EAGAIN instead of waiting for the pipe. */
        NONBLOCK(2),
        MORE(4),
        /** vmsplice only: the pages are given away and may never be written again. */
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

    /** pipe2(2), close-on-exec. EMFILE, ENFILE when descriptors run out. The caller closes both ends. */
    Pipe pipe(Set<PipeFlag> flags) throws PosixException;

    /** fcntl(2) F_GETPIPE_SZ: the capacity in bytes (Linux 2.6.35). EBADF where the descriptor is no pipe. */
    int capacityBytes(OwnedFd pipe) throws PosixException;

    /**
     * fcntl(2) F_SETPIPE_SZ, rounded up to a power of two by the kernel. EPERM beyond pipe-max-size or once the user's
     * pipe pages are used up; EBUSY where the pipe holds more than that.
     *
     * @return the capacity that it has now
     */
    int setCapacityBytes(OwnedFd pipe, int capacityBytes) throws PosixException;

    /** ioctl(2) FIONREAD: bytes that wait in the pipe. */
    int pendingBytes(OwnedFd pipe) throws PosixException;

    /** Whether the descriptor is a pipe or FIFO, as far as splice(2) is concerned. */
    boolean isPipe(OwnedFd fd);

    /**
     * splice(2) from a range of a file into a pipe: pages, not copies. Moves what fits and returns it; 0 at the end of
     * the file. EINVAL where the file system cannot; EAGAIN with {@link SpliceFlag#NONBLOCK}; EPIPE when nobody reads.
     */
    long spliceFromFile(OwnedFd file, ByteRange range, OwnedFd pipe, Set<SpliceFlag> flags) throws PosixException;

    /** As {@link #spliceFromFile} with NONBLOCK, but -1 where the pipe is full. It may wait for the device. */
    long spliceFromFileNoWait(OwnedFd file, ByteRange range, OwnedFd pipe) throws PosixException;

    /** splice(2) out of one pipe into another descriptor at its own position; 0 when the pipe has ended. */
    long splice(OwnedFd pipe, OwnedFd out, long lengthBytes, Set<SpliceFlag> flags) throws PosixException;

    /**
     * As {@link #splice} between two pipes, with NONBLOCK: -1 where the one is empty or the other full; 0 when the first
     * has ended. EINVAL where both are one pipe.
     */
    long spliceNoWait(OwnedFd from, OwnedFd to, long lengthBytes) throws PosixException;

    /** tee(2): the bytes of one pipe also into another, without consuming them. */
    long tee(OwnedFd from, OwnedFd to, long lengthBytes, Set<SpliceFlag> flags) throws PosixException;

    /** vmsplice(2) of the start of {@code buffer}, which must not be written until the pipe's reader has its bytes. */
    long vmsplice(NativeBuffer buffer, int lengthBytes, OwnedFd pipe, Set<SpliceFlag> flags) throws PosixException;

    /** As {@link #vmsplice} with NONBLOCK, but -1 where the pipe is full. */
    long vmspliceNoWait(NativeBuffer buffer, int lengthBytes, OwnedFd pipe) throws PosixException;

    /**
     * poll(2). Interrupted waits go on with the whole time-out.
     *
     * @param timeoutMillis -1 waits for ever
     * @return how many of {@code polls} have something to report
     */
    int poll(List<Poll> polls, int timeoutMillis) throws PosixException;
}
