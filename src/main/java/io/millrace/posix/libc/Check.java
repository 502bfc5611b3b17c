// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.libc;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.sun.jna.Native;
import org.jspecify.annotations.Nullable;

/**
 * The two conventions by which the C library reports errors; there is no third. Both repeat a call after EINTR
 * (signal(7)), so that callers never see it: FUSE and network file systems return it from calls whose man pages do not
 * mention it. Stateless; any thread.
 */
public final class Check {
    /** Also loads {@link Errno} while descriptors are available: it is needed to report EMFILE. */
    private static final int EINTR = Errno.EINTR.number();

    private static final int EAGAIN = Errno.EAGAIN.number();

    /** The result of a transfer that would block. */
    public static final int WOULD_BLOCK = -1;

    static {
        SyscallErrorCounts.load(); // for the same reason
    }

    private Check() {}

    /** A call of the C library, repeated as needed. It must not change offsets and counts if it returns -1. */
    @FunctionalInterface
    public interface Call {
        long once();
    }

    /** For calls that return -1 and set errno. It is stale after success, and so is read only after -1. */
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
     * The same convention for calls that are made for every file or transfer, without a {@link Call}, whose allocation
     * is slow in a thread that only the first compiler has compiled: <pre>{@code
     * while ((result = LibC.read(...)) == -1) {
     *     checkInterrupted("read", fd, range);
     * }
     * }</pre>
     * Returns if the call that just returned -1 was interrupted and must be repeated, and throws otherwise.
     */
    public static void checkInterrupted(String name, Object subject, @Nullable ByteRange range) throws PosixException {
        int number = Native.getLastError();
        if (number != EINTR) {
            throw failed(name, number, subject, range);
        }
    }

    /** The same without a range. Callers that need only success may ignore the result. */
    @CanIgnoreReturnValue
    public static int checkErrno(String name, Object subject, Call call) throws PosixException {
        return (int) checkErrno(name, subject, null, call);
    }

    /** For non-blocking transfers: returns {@link #WOULD_BLOCK} on EAGAIN. */
    public static long checkNoWait(String name, Object subject, @Nullable ByteRange range, Call call)
            throws PosixException {
        long result;
        do {
            result = call.once();
        } while (result == -1 && wasInterrupted(name, subject, range));
        return result;
    }

    /**
     * Like {@link #checkInterrupted}, for a non-blocking transfer that is made often: <pre>{@code
     * do {
     *     moved = LibC.splice(...);
     * } while (moved == -1 && wasInterrupted("splice", fd, range));
     * }</pre>
     * Returns false if the transfer would block: its result is {@link #WOULD_BLOCK} then.
     */
    public static boolean wasInterrupted(String name, Object subject, @Nullable ByteRange range) throws PosixException {
        int number = Native.getLastError();
        if (number != EAGAIN && number != EINTR) {
            throw failed(name, number, subject, range);
        }
        return number == EINTR;
    }

    /** For calls that set errno and whose failure means "no". */
    public static boolean succeeds(Call call) {
        long result;
        do {
            result = call.once();
        } while (result == -1 && Native.getLastError() == EINTR);
        return result != -1;
    }

    /** For posix_fallocate, posix_fadvise and ptsname_r, which return the error number and do not set errno. */
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
