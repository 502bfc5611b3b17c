// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.sun.jna.Native;
import org.jspecify.annotations.Nullable;

/** The two conventions by which the C library reports errors; there is no third. */
final class Check {
    private Check() {}

    /** For calls that return -1 and set errno, which is stale after success and so is read only here. */
    @CanIgnoreReturnValue
    static long checkErrno(long result, String call, Object subject, @Nullable ByteRange range) throws PosixException {
        if (result == -1) {
            throw new PosixException(call, Errno.of(Native.getLastError()), subject, range);
        }
        return result;
    }

    /** The same for calls whose result is an int. Callers that need no more than success may drop the result. */
    @CanIgnoreReturnValue
    static int checkErrno(int result, String call, Object subject) throws PosixException {
        return (int) checkErrno((long) result, call, subject, null);
    }

    /** For posix_fallocate, posix_fadvise and posix_spawn, which return the number and leave errno alone. */
    static void checkReturned(int result, String call, Object subject, @Nullable ByteRange range)
            throws PosixException {
        if (result != 0) {
            throw new PosixException(call, Errno.of(result), subject, range);
        }
    }

    /** Whether a call that set errno was merely interrupted and has to be made again (signal(7)). */
    static boolean interrupted(long result) {
        return result == -1 && Native.getLastError() == Errno.EINTR.number();
    }
}
