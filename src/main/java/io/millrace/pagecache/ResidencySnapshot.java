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
 * Records which pages of a file were resident before the scan's own reads and the kernel's readahead, piece by piece,
 * as long as needed. Used under the lock of its window.
 */
final class ResidencySnapshot {
    private final @Nullable Residency residency;
    private final OwnedFd file;
    private final long sizeBytes;
    private final long pieceBytes;
    private final int pageBytes;
    private final ArrayDeque<ResidencyBitmap> pieces = new ArrayDeque<>();
    private long surveyedTo;

    /** Without a residency everything counts as cold. */
    ResidencySnapshot(@Nullable Residency residency, OwnedFd file, long sizeBytes, long pieceBytes, int pageBytes) {
        this.residency = residency;
        this.file = file;
        this.sizeBytes = sizeBytes;
        this.pieceBytes = pieceBytes;
        this.pageBytes = pageBytes;
    }

    /** Records everything up to {@code end} that is not recorded yet; {@code from} skips what no consumer will read. */
    void reach(long from, long end) throws PosixException {
        surveyedTo = Math.max(surveyedTo, from / pieceBytes * pieceBytes);
        while (surveyedTo < Math.min(end, sizeBytes)) {
            var piece = ByteRange.between(surveyedTo, Math.min(ByteRange.endOf(surveyedTo, pieceBytes), sizeBytes));
            pieces.add(residency == null ? ResidencyBitmap.none(piece, pageBytes) : residency.pages(file, piece));
            surveyedTo = piece.endBytes();
        }
    }

    /** End of the recorded range. */
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

    /** Whether it is known that nothing of a range, which is recorded, was resident. */
    boolean isCold(ByteRange range) {
        if (residency == null) {
            return false;
        }
        for (ResidencyBitmap piece : pieces) {
            if (overlap(piece, range) && !piece.isCold(range)) {
                return false;
            }
        }
        return true;
    }

    /** Returns the runs of a range that were not resident. */
    List<ByteRange> coldRuns(ByteRange range) {
        var runs = new ArrayList<ByteRange>();
        for (ResidencyBitmap piece : pieces) {
            if (overlap(piece, range)) {
                runs.addAll(piece.coldRuns(range));
            }
        }
        return runs;
    }

    /** Removes and returns the first piece if it ends at or before an offset. */
    @Nullable ResidencyBitmap retire(long beforeBytes) {
        ResidencyBitmap first = pieces.peek();
        return first != null && first.range().endBytes() <= beforeBytes ? pieces.poll() : null;
    }

    /** Bytes of the recorded pieces that are resident now and were not when recorded. */
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
