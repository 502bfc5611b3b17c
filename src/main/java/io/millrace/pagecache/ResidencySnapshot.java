// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was resident of a file before the scan's own reads and the kernel's readahead reached it, a piece at a time,
 * for as long as it matters. Used under the lock of its window.
 */
final class ResidencySnapshot {
    private final @Nullable Residency residency;
    private final OwnedFd file;
    private final long sizeBytes;
    private final long pieceBytes;
    private final int pageBytes;
    private final ArrayDeque<ResidencyBitmap> pieces = new ArrayDeque<>();
    private long surveyedTo;

    /** Without a residency to ask, everything counts as cold. */
    ResidencySnapshot(@Nullable Residency residency, OwnedFd file, long sizeBytes, long pieceBytes, int pageBytes) {
        this.residency = residency;
        this.file = file;
        this.sizeBytes = sizeBytes;
        this.pieceBytes = pieceBytes;
        this.pageBytes = pageBytes;
    }

    /** Looks at everything up to {@code end} that was not looked at; {@code from} skips what nobody will read. */
    void reach(long from, long end) throws PosixException {
        surveyedTo = Math.max(surveyedTo, from / pieceBytes * pieceBytes);
        while (surveyedTo < Math.min(end, sizeBytes)) {
            var piece = ByteRange.between(surveyedTo, Math.min(ByteRange.endOf(surveyedTo, pieceBytes), sizeBytes));
            pieces.add(residency == null ? ResidencyBitmap.none(piece, pageBytes) : residency.pages(file, piece));
            surveyedTo = piece.endBytes();
        }
    }

    /** How far anybody has looked. */
    long reached() {
        return surveyedTo;
    }

    /** Whether all of a range was resident. */
    boolean isHot(ByteRange range) {
        if (residency == null) {
            return false;
        }
        for (ResidencyBitmap piece : pieces) {
            if (overlap(piece, range) && !piece.covers(range)) {
                return false;
            }
        }
        return true;
    }

    /** The runs of a range that were not resident. */
    List<ByteRange> coldRuns(ByteRange range) {
        var runs = new ArrayList<ByteRange>();
        for (ResidencyBitmap piece : pieces) {
            if (overlap(piece, range)) {
                runs.addAll(piece.coldRuns(range));
            }
        }
        return runs;
    }

    /** Takes out the first piece if it ends at or before an offset. */
    @Nullable ResidencyBitmap retire(long beforeBytes) {
        ResidencyBitmap first = pieces.peek();
        return first != null && first.range().endBytes() <= beforeBytes ? pieces.poll() : null;
    }

    /** Bytes that are resident now in the pieces under survey and were not when they were looked at. */
    long addedBytes() throws PosixException {
        ResidencyBitmap first = pieces.peek();
        if (first == null || residency == null) {
            return 0;
        }
        long before = 0;
        for (ResidencyBitmap piece : pieces) {
            before += piece.residentBytes();
        }
        long now = residency.residentBytes(file, ByteRange.between(first.range().offsetBytes(), surveyedTo));
        return Math.max(0, now - before);
    }

    private static boolean overlap(ResidencyBitmap piece, ByteRange range) {
        return piece.range().offsetBytes() < range.endBytes()
                && range.offsetBytes() < piece.range().endBytes();
    }
}
