// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.FileStatus;
import io.millrace.posix.PageCalls.Advice;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Loads files into the page cache, and returns when they are resident.
 *
 * <p>POSIX_FADV_WILLNEED starts reads without waiting for them, and one call covers no more than the device's
 * readahead, so it is issued in pieces ahead of the current position; pages that have not arrived by then are read,
 * which waits for them. Holes are skipped: they need no page. One thread, which closes it.
 */
public final class CacheWarmer implements AutoCloseable {
    /** No device has a smaller default readahead, so no call is cut short. */
    private static final long PIECE_BYTES = 128 << 10;

    private static final long AHEAD_BYTES = 32 << 20;
    private static final int STEP_BYTES = 4 << 20;

    private final Posix posix;
    private final NativeBuffer buffer = NativeBuffer.allocate(STEP_BYTES);

    public CacheWarmer(Posix posix) {
        this.posix = posix;
    }

    /** Loads the file once, or until {@code stopped}. The kernel may evict pages again when memory is short. */
    public void warm(MountTraits traits, OwnedFd file, FileStatus status, BooleanSupplier stopped)
            throws PosixException {
        var residency = new Residency(posix, traits);
        boolean known = residency.isKnown(file);
        var holes = new SparseMap(posix, file, status);
        long asked = 0;
        long at = 0;
        while (at < status.sizeBytes() && !stopped.getAsBoolean()) {
            var segment = holes.at(at);
            long segmentEnd = segment.range().endBytes();
            if (segment.isHole()) {
                at = segmentEnd;
                continue;
            }
            asked = ask(file, Math.max(asked, at), Math.min(ByteRange.endOf(at, AHEAD_BYTES), segmentEnd));
            var step = ByteRange.between(at, Math.min(ByteRange.endOfUnit(at, STEP_BYTES), segmentEnd));
            for (ByteRange run : known ? missing(residency, file, step) : List.of(step)) {
                int unused = posix.io().pread(file, buffer, run); // a short read means that the file shrank
            }
            at = step.endBytes();
        }
    }

    private long ask(OwnedFd file, long from, long end) throws PosixException {
        long at = from;
        while (at < end) {
            long next = Math.min(ByteRange.endOfUnit(at, PIECE_BYTES), end);
            posix.pages().fadvise(file, ByteRange.between(at, next), Advice.WILLNEED);
            at = next;
        }
        return at;
    }

    private List<ByteRange> missing(Residency residency, OwnedFd file, ByteRange step) throws PosixException {
        int pageBytes = posix.pages().pageBytes();
        var pages = ByteRange.between(step.offsetBytes() / pageBytes * pageBytes, step.endBytes());
        return residency.mincore(file, pages).coldRuns(pages);
    }

    @Override
    public void close() {
        buffer.close();
    }
}
