// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import io.millrace.posix.Extent;
import io.millrace.posix.FileSystemType;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the block allocation of a file from the file system. Stateless; any thread. */
record ExtentReader(Posix posix) {
    private static final Set<Errno> NO_MAP = Set.of(Errno.EOPNOTSUPP, Errno.ENOTTY, Errno.ENOSYS, Errno.EINVAL);
    private static final ByteRange WHOLE_FILE = new ByteRange(0, Long.MAX_VALUE);

    /** Measures the reservation, without the elapsed time. */
    Reservation survey(OwnedFd file, AllocationMethod method) throws PosixException {
        var map = new ExtentCount();
        boolean isMapped = extents(file, WHOLE_FILE, map::pass);
        return new Reservation(
                posix.files().status(file).reservedBytes(),
                method,
                copyOnWrite(file, map.isShared),
                isMapped ? OptionalInt.of(map.runs) : OptionalInt.empty(),
                Duration.ZERO);
    }

    /** Calls FIEMAP extent by extent; false if the file system does not support it, or rejects this range. */
    boolean extents(OwnedFd file, ByteRange range, Consumer<Extent> each) throws PosixException {
        try {
            posix.space().extents(file, range, each);
            return true;
        } catch (PosixException e) {
            if (NO_MAP.contains(e.errno())) {
                return false;
            }
            throw e;
        }
    }

    /** Counts extents as filefrag does: adjacent pieces of one run, which ext4 splits at 128 MiB, count as one. */
    private static final class ExtentCount {
        int runs;
        boolean isShared;
        private @Nullable Extent last;

        void pass(Extent extent) {
            if (last == null || !extent.continues(last)) {
                runs++;
            }
            isShared |= extent.isShared();
            last = extent;
        }
    }

    private CopyOnWrite copyOnWrite(OwnedFd file, boolean isShared) throws PosixException {
        if (FileSystemType.of(posix.files().fileSystem(file).magic()).isCopyOnWrite() && !isNoCopyOnWrite(file)) {
            return CopyOnWrite.FILE_SYSTEM;
        }
        return isShared ? CopyOnWrite.SHARED_EXTENTS : CopyOnWrite.NONE;
    }

    private boolean isNoCopyOnWrite(OwnedFd file) throws PosixException {
        try {
            return posix.space().isNoCopyOnWrite(file);
        } catch (PosixException e) {
            if (NO_MAP.contains(e.errno())) { // the file system has no such flag, so it cannot be set
                return false;
            }
            throw e;
        }
    }
}
