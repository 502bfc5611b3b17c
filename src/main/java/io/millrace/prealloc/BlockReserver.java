// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import io.millrace.posix.Posix;
import io.millrace.posix.SpaceCalls.FallocateMode;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import io.millrace.prealloc.AllocationException.Refusal;

/**
 * Reserves blocks by fallocate(2); if the file system does not support it and the request permits emulation, glibc
 * writes them. Stateless.
 */
record BlockReserver(Posix posix, AllocationRequest request) {
    /** Calls fallocate(2) in this mode for the range of the request; EOPNOTSUPP leads to {@link #emulate}. */
    AllocationMethod reserve(OwnedFd file, FallocateMode mode) throws PosixException, AllocationException {
        try {
            posix.space().fallocate(file, mode, request.range());
            return AllocationMethod.NATIVE;
        } catch (PosixException e) {
            if (e.is(Errno.EOPNOTSUPP)) {
                return emulate(file, e);
            }
            throw e;
        }
    }

    private AllocationMethod emulate(OwnedFd file, PosixException lack) throws PosixException, AllocationException {
        if (!request.has(AllocateOption.EMULATION)) {
            throw new AllocationException(Refusal.EMULATION, lack, "writing into every block instead was not allowed");
        }
        if (request.has(AllocateOption.KEEP_SIZE)) {
            throw new AllocationException(Refusal.EMULATION, lack, "and emulation cannot keep the length");
        }
        if (posix.files().fileSystem(file).totalBytes() == 0) {
            throw new AllocationException(Refusal.EMULATION, lack, "and there are no blocks to write into");
        }
        ByteRange range = request.range();
        posix.space().posixFallocate(file, range);
        return AllocationMethod.EMULATED;
    }
}
