// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.ByteRange;
import io.millrace.posix.Errno;
import io.millrace.posix.FileStatus;
import io.millrace.posix.OwnedFd;
import io.millrace.posix.Posix;
import io.millrace.posix.PosixException;

/**
 * Where a sparse file has no data (lseek(2), SEEK_DATA and SEEK_HOLE). A hole needs no read: it has no page to disturb
 * and its bytes are zeros. Used under the lock of its window.
 */
final class Holes {
    /** A run of the file that is all data, or all hole. */
    record Segment(ByteRange range, boolean isHole) {
        boolean contains(long offsetBytes) {
            return range.offsetBytes() <= offsetBytes && offsetBytes < range.endBytes();
        }
    }

    /**
     * From here on everything counts as data: of the last page before 2^63, tmpfs answers lseek(2) that there is none (seen with
     * Linux 6.18; mapping_seek_hole_data rounds up to the end of the folio, and overflows).
     */
    private static final long ALL_DATA_FROM = Long.MAX_VALUE - Window.WINDOW_BYTES + 1;

    private final Posix posix;
    private final OwnedFd file;
    private final long sizeBytes;
    private Segment last;

    Holes(Posix posix, OwnedFd file, FileStatus status) {
        this.posix = posix;
        this.file = file;
        this.sizeBytes = status.sizeBytes();
        boolean sparse = status.reservedBytes() < sizeBytes;
        this.last = new Segment(new ByteRange(0, sparse ? 0 : sizeBytes), false);
    }

    /** The rest of the segment that holds an offset within the file: from there, or from before, to its end. */
    Segment at(long offsetBytes) throws PosixException {
        if (!last.contains(offsetBytes)) {
            last = look(offsetBytes);
        }
        return last;
    }

    private Segment look(long offsetBytes) throws PosixException {
        if (offsetBytes >= ALL_DATA_FROM) {
            return new Segment(ByteRange.between(offsetBytes, sizeBytes), false);
        }
        try {
            long data = Math.min(posix.files().seekData(file, offsetBytes).orElse(sizeBytes), sizeBytes);
            if (data > offsetBytes) {
                return new Segment(ByteRange.between(offsetBytes, Math.min(data, ALL_DATA_FROM)), true);
            }
            long hole = Math.min(posix.files().seekHole(file, offsetBytes).orElse(sizeBytes), sizeBytes);
            return new Segment(ByteRange.between(offsetBytes, Math.max(hole, ByteRange.endOf(offsetBytes, 1))), false);
        } catch (PosixException e) {
            if (!e.is(Errno.EINVAL)) {
                throw e;
            }
            return new Segment(new ByteRange(0, sizeBytes), false); // the file system cannot tell
        }
    }
}
