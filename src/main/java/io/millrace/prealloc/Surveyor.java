// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import io.millrace.posix.ByteRange;
import io.millrace.posix.Errno;
import io.millrace.posix.Extent;
import io.millrace.posix.FileSystemType;
import io.millrace.posix.OwnedFd;
import io.millrace.posix.Posix;
import io.millrace.posix.PosixException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Learns from the file system what a file has. Stateless. */
record Surveyor(Posix posix) {
    private static final Set<Errno> NO_MAP = Set.of(Errno.EOPNOTSUPP, Errno.ENOTTY, Errno.ENOSYS, Errno.EINVAL);
    private static final ByteRange WHOLE_FILE = new ByteRange(0, Long.MAX_VALUE);

    /** The verdict but for the time. */
    Verdict survey(OwnedFd file, Method method) throws PosixException {
        Optional<List<Extent>> map = extents(file, WHOLE_FILE);
        return new Verdict(
                posix.files().status(file).reservedBytes(),
                method,
                copyOnWrite(file, map.orElse(List.of())),
                map.isPresent() ? OptionalInt.of(runs(map.get())) : OptionalInt.empty(),
                Duration.ZERO);
    }

    /** FIEMAP; empty where the file system has none. */
    Optional<List<Extent>> extents(OwnedFd file, ByteRange range) throws PosixException {
        try {
            return Optional.of(posix.space().extents(file, range));
        } catch (PosixException e) {
            if (NO_MAP.contains(e.errno())) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** As filefrag counts: the pieces of one run, which ext4 cuts at 128 MiB, are one. */
    static int runs(List<Extent> extents) {
        int runs = 0;
        Extent last = null;
        for (Extent extent : extents) {
            if (last == null || !extent.continues(last)) {
                runs++;
            }
            last = extent;
        }
        return runs;
    }

    private CopyOnWrite copyOnWrite(OwnedFd file, List<Extent> map) throws PosixException {
        if (FileSystemType.of(posix.files().fileSystem(file).magic()).isCopyOnWrite() && !isNoCopyOnWrite(file)) {
            return CopyOnWrite.FILE_SYSTEM;
        }
        return map.stream().anyMatch(Extent::isShared) ? CopyOnWrite.SHARED_EXTENTS : CopyOnWrite.NONE;
    }

    private boolean isNoCopyOnWrite(OwnedFd file) throws PosixException {
        try {
            return posix.space().isNoCopyOnWrite(file);
        } catch (PosixException e) {
            if (NO_MAP.contains(e.errno())) { // no such flag, so it cannot be set
                return false;
            }
            throw e;
        }
    }
}
