// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import com.sun.jna.Memory;

/** Locks of open file descriptions (fcntl(2), "Open file description locks"). */
final class FileLock {
    static final long F_OFD_SETLK = 37;
    static final short F_WRLCK = 1;
    // Size and offset of struct flock (fcntl(2)). What is not set is 0: SEEK_SET, from 0, to the end, no process.
    static final int FLOCK_BYTES = 32;
    static final int FLOCK_TYPE = 0;

    private FileLock() {}

    static boolean tryExclusive(OwnedFd fd) throws PosixException {
        try (var flock = new Memory(FLOCK_BYTES)) {
            flock.clear();
            flock.setShort(FLOCK_TYPE, F_WRLCK);
            long result = Check.checkNoWait(
                    "F_OFD_SETLK", fd, null, () -> LibC.syscall(Abi.HERE.fcntl, fd.number(), F_OFD_SETLK, flock));
            return result != Check.WOULD_BLOCK;
        } catch (PosixException e) {
            if (e.is(Errno.EACCES)) {
                return false; // the other word for a lock that is taken
            }
            throw e;
        }
    }
}
