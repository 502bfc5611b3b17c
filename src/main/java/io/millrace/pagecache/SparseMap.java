// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.FileStatus;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;

/**
 * Maps the holes of a sparse file (lseek(2), SEEK_DATA and SEEK_HOLE). A hole needs no read: it has no pages and its
 * bytes are zeros. Used under the lock of its window.
 */
final class SparseMap {
    /** A run of the file that is either data or a hole. */
    record Segment(ByteRange range, boolean isHole) {
        boolean contains(long offsetBytes) {
            return range.offsetBytes() <= offsetBytes && offsetBytes < range.endBytes();
        }
    }

    /**
     * Beyond this offset nothing is treated as a hole: tmpfs returns ENXIO for data in the last page below 2^63 (Linux
     * 6.18).
     */
    private static final long LAST_SEEKABLE = Long.MAX_VALUE - (1 << 20);

    private final Posix posix;
    private final OwnedFd file;
    private final long sizeBytes;
    private Segment last;

    SparseMap(Posix posix, OwnedFd file, FileStatus status) {
        this.posix = posix;
        this.file = file;
        this.sizeBytes = status.sizeBytes();
        boolean sparse = status.reservedBytes() < sizeBytes;
        this.last = new Segment(new ByteRange(0, sparse ? 0 : sizeBytes), false);
    }

    /** Returns the rest of the segment that contains an offset of the file: from there, or from before, to its end. */
    Segment at(long offsetBytes) throws PosixException {
        if (!last.contains(offsetBytes)) {
            last = look(offsetBytes);
        }
        return last;
    }

    private Segment look(long offsetBytes) throws PosixException {
        if (offsetBytes >= LAST_SEEKABLE) {
            return new Segment(ByteRange.between(offsetBytes, sizeBytes), false);
        }
        try {
            long data = Math.min(posix.files().seekData(file, offsetBytes).orElse(sizeBytes), sizeBytes);
            if (data > offsetBytes) {
                return new Segment(ByteRange.between(offsetBytes, Math.min(data, LAST_SEEKABLE)), true);
            }
            long hole = Math.min(posix.files().seekHole(file, offsetBytes).orElse(sizeBytes), sizeBytes);
            return new Segment(ByteRange.between(offsetBytes, Math.max(hole, ByteRange.endOf(offsetBytes, 1))), false);
        } catch (PosixException e) {
            if (!e.is(Errno.EINVAL)) {
                throw e;
            }
            return new Segment(new ByteRange(0, sizeBytes), false); // the file system does not report holes
        }
    }
}
