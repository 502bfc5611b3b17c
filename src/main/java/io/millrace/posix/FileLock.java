// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import com.sun.jna.Memory;
import io.millrace.posix.libc.Abi;
import io.millrace.posix.libc.Check;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.LibC;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;

/** Locks of open file descriptions (fcntl(2), "Open file description locks"). Stateless; any thread. */
public final class FileLock {
    public static final long F_OFD_GETLK = 36;
    public static final long F_OFD_SETLK = 37;
    public static final short F_WRLCK = 1;
    public static final short F_UNLCK = 2;
    // Size and offset of struct flock (fcntl(2)). The other fields are 0: SEEK_SET, from 0, to the end, no process.
    public static final int FLOCK_BYTES = 32;
    public static final int FLOCK_TYPE = 0;

    private FileLock() {}

    public static boolean tryExclusive(OwnedFd fd) throws PosixException {
        try (var flock = new Memory(FLOCK_BYTES)) {
            flock.clear();
            flock.setShort(FLOCK_TYPE, F_WRLCK);
            long result = Check.checkNoWait(
                    "F_OFD_SETLK", fd, null, () -> LibC.syscall(Abi.HERE.fcntl, fd.number(), F_OFD_SETLK, flock));
            return result != Check.WOULD_BLOCK;
        } catch (PosixException e) {
            if (e.is(Errno.EACCES)) {
                return false; // the other errno for a lock that is held
            }
            throw e;
        }
    }

    /** Whether another open file description holds a lock that conflicts with {@link #tryExclusive}. */
    public static boolean isHeldElsewhere(OwnedFd fd) throws PosixException {
        try (var flock = new Memory(FLOCK_BYTES)) {
            flock.clear();
            flock.setShort(FLOCK_TYPE, F_WRLCK);
            Check.checkErrno("F_OFD_GETLK", fd, () -> LibC.syscall(Abi.HERE.fcntl, fd.number(), F_OFD_GETLK, flock));
            return flock.getShort(FLOCK_TYPE) != F_UNLCK;
        }
    }
}
