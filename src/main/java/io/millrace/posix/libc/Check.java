// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.libc;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.sun.jna.Native;
import org.jspecify.annotations.Nullable;

/**
 * The two conventions by which the C library reports errors; there is no third. Both make an interrupted call again
 * (signal(7)): nothing outside sees EINTR, which FUSE and network file systems give to calls whose man pages do not
 * mention it.
 */
public final class Check {
    /** Also loads {@link Errno} while there are descriptors left to load it: it has to tell of EMFILE. */
    private static final int EINTR = Errno.EINTR.number();

    private static final int EAGAIN = Errno.EAGAIN.number();

    /** What a transfer returns that would have to wait. */
    public static final int WOULD_BLOCK = -1;

    static {
        SyscallErrorCounts.load(); // for the same reason
    }

    private Check() {}

    /** A call of the C library, made as often as needed. Offsets and counts that it changes must not change on -1. */
    @FunctionalInterface
    public interface Call {
        long once();
    }

    /** For calls that return -1 and set errno, which is stale after success and so is read only here. */
    @CanIgnoreReturnValue
    public static long checkErrno(String name, Object subject, @Nullable ByteRange range, Call call)
            throws PosixException {
        long result;
        while ((result = call.once()) == -1) {
            checkInterrupted(name, subject, range);
        }
        return result;
    }

    /**
     * The same convention for calls that are made for every file or transfer, without a {@link Call}, which a thread whose code only the
     * first compiler has seen makes by way of the JVM's slow allocation: <pre>{@code
     * while ((result = LibC.read(...)) == -1) {
     *     checkInterrupted("read", fd, range);
     * }
     * }</pre>
     * Returns where the call that just returned -1 was interrupted, so that it is to be made again, and throws otherwise.
     */
    public static void checkInterrupted(String name, Object subject, @Nullable ByteRange range) throws PosixException {
        int number = Native.getLastError();
        if (number != EINTR) {
            throw failed(name, number, subject, range);
        }
    }

    /** The same without a range. Callers that need no more than success may drop the result. */
    @CanIgnoreReturnValue
    public static int checkErrno(String name, Object subject, Call call) throws PosixException {
        return (int) checkErrno(name, subject, null, call);
    }

    /** For transfers that do not wait: {@link #WOULD_BLOCK} where they would have to. */
    public static long checkNoWait(String name, Object subject, @Nullable ByteRange range, Call call)
            throws PosixException {
        long result;
        do {
            result = call.once();
        } while (result == -1 && wasInterrupted(name, subject, range));
        return result;
    }

    /**
     * As {@link #checkInterrupted}, of a transfer that does not wait and is made often: <pre>{@code
     * do {
     *     moved = LibC.splice(...);
     * } while (moved == -1 && wasInterrupted("splice", fd, range));
     * }</pre>
     * Returns false where the transfer would have had to wait: its result is {@link #WOULD_BLOCK} then.
     */
    public static boolean wasInterrupted(String name, Object subject, @Nullable ByteRange range) throws PosixException {
        int number = Native.getLastError();
        if (number != EAGAIN && number != EINTR) {
            throw failed(name, number, subject, range);
        }
        return number == EINTR;
    }

    /** For calls that set errno and whose failure is an answer. */
    public static boolean succeeds(Call call) {
        long result;
        do {
            result = call.once();
        } while (result == -1 && Native.getLastError() == EINTR);
        return result != -1;
    }

    /** For posix_fallocate, posix_fadvise and ptsname_r, which return the number and leave errno alone. */
    public static void checkReturned(String name, Object subject, @Nullable ByteRange range, Call call)
            throws PosixException {
        int number;
        do {
            number = (int) call.once();
        } while (number == EINTR);
        if (number != 0) {
            throw failed(name, number, subject, range);
        }
    }

    private static PosixException failed(String name, int number, Object subject, @Nullable ByteRange range) {
        SyscallErrorCounts.count(name, number);
        return new PosixException(name, number, subject, range);
    }
}
