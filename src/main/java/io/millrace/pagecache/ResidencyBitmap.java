// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.libc.ByteRange;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Which pages of a range of a file were in the page cache at one moment. Immutable.
 *
 * <p>Nearly every range is entirely resident or entirely not, and those two need no memory; only a mixed one has a bit
 * per page.
 */
public final class ResidencyBitmap {
    private final ByteRange range;
    private final int pageBytes;
    private final int pages;
    private final BitSet resident;

    private ResidencyBitmap(ByteRange range, int pageBytes, BitSet resident) {
        this.range = range;
        this.pageBytes = pageBytes;
        this.pages = Math.toIntExact((range.lengthBytes() + pageBytes - 1) / pageBytes);
        this.resident = resident;
    }

    /** {@code range} starts at a page boundary; bit i stands for its i-th page. Takes ownership of the set. */
    static ResidencyBitmap of(ByteRange range, int pageBytes, BitSet resident) {
        return new ResidencyBitmap(range, pageBytes, resident);
    }

    static ResidencyBitmap none(ByteRange range, int pageBytes) {
        return new ResidencyBitmap(range, pageBytes, new BitSet());
    }

    static ResidencyBitmap all(ByteRange range, int pageBytes) {
        var every = new ResidencyBitmap(range, pageBytes, new BitSet());
        every.resident.set(0, every.pages);
        return every;
    }

    public ByteRange range() {
        return range;
    }

    /** Bytes of the range on resident pages. */
    public long residentBytes() {
        return bytesOf(resident.cardinality(), resident.length() == pages);
    }

    public boolean isEmpty() {
        return resident.isEmpty();
    }

    public boolean isFull() {
        return resident.cardinality() == pages;
    }

    /** Bytes that were resident here and still are in {@code later}, a bitmap of the same range. */
    public long keptBytes(ResidencyBitmap later) {
        BitSet kept = (BitSet) resident.clone();
        kept.and(later.resident);
        return bytesOf(kept.cardinality(), kept.length() == pages);
    }

    /** Bytes that were not resident here and are in {@code later}, a bitmap of the same range. */
    public long addedBytes(ResidencyBitmap later) {
        BitSet added = (BitSet) later.resident.clone();
        added.andNot(resident);
        return bytesOf(added.cardinality(), added.length() == pages);
    }

    /** The last page may extend beyond the range. */
    private long bytesOf(int count, boolean withLast) {
        long beyond = (long) pages * pageBytes - range.lengthBytes();
        return (long) count * pageBytes - (withLast && count > 0 ? beyond : 0);
    }

    /** Whether every page that {@code part} touches was resident. */
    public boolean covers(ByteRange part) {
        return resident.nextClearBit(pageOf(part.offsetBytes())) >= pageAfter(part.endBytes());
    }

    /** Whether no page that {@code part} touches was resident. */
    public boolean isCold(ByteRange part) {
        int hot = resident.nextSetBit(pageOf(part.offsetBytes()));
        return hot < 0 || hot >= pageAfter(part.endBytes());
    }

    /** The runs of pages that were not resident, clipped to {@code part}, in order. */
    public List<ByteRange> coldRuns(ByteRange part) {
        var runs = new ArrayList<ByteRange>();
        int end = pageAfter(part.endBytes());
        int cold = resident.nextClearBit(pageOf(part.offsetBytes()));
        while (cold < end) {
            int hot = resident.nextSetBit(cold);
            int runEnd = hot < 0 ? end : Math.min(hot, end);
            runs.add(ByteRange.between(offsetOf(cold), Math.min(offsetOf(runEnd), range.endBytes())));
            cold = resident.nextClearBit(runEnd);
        }
        return runs;
    }

    /** The runs of pages that were resident, in order. */
    public List<ByteRange> residentRuns() {
        var runs = new ArrayList<ByteRange>();
        int hot = resident.nextSetBit(0);
        while (hot >= 0 && hot < pages) {
            int runEnd = Math.min(resident.nextClearBit(hot), pages);
            runs.add(ByteRange.between(offsetOf(hot), Math.min(offsetOf(runEnd), range.endBytes())));
            hot = resident.nextSetBit(runEnd);
        }
        return runs;
    }

    private int pageOf(long offsetBytes) {
        return (int) ((Math.max(offsetBytes, range.offsetBytes()) - range.offsetBytes()) / pageBytes);
    }

    private int pageAfter(long endBytes) {
        return (int) ((Math.min(endBytes, range.endBytes()) - range.offsetBytes() + pageBytes - 1) / pageBytes);
    }

    private long offsetOf(int page) {
        return ByteRange.endOf(range.offsetBytes(), (long) page * pageBytes);
    }
}
