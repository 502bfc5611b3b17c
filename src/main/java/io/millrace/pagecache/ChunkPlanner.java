// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.PosixException;

/** Splits the range of a window into chunks, each stored, resident or a hole. Guarded by the window. */
final class ChunkPlanner {
    /** Longest distance from the slowest to the fastest consumer. */
    static final long WINDOW_BYTES = 32 << 20;

    private static final long MIN_SURVEY_AHEAD_BYTES = 32 << 20;

    private final SparseMap holes;
    private final ResidencySnapshot survey;
    private final LeadTracker front;
    private final ByteRange range;
    private final int chunkBytes;
    private final long surveyAheadBytes;

    /** {@code chunkBytes}: length of a stored chunk. */
    ChunkPlanner(
            SparseMap holes,
            ResidencySnapshot survey,
            LeadTracker front,
            ByteRange range,
            int chunkBytes,
            long readaheadBytes) {
        this.holes = holes;
        this.survey = survey;
        this.front = front;
        this.range = range;
        this.chunkBytes = chunkBytes;
        this.surveyAheadBytes = Math.max(MIN_SURVEY_AHEAD_BYTES, 2 * readaheadBytes);
    }

    /**
     * Returns the chunk that begins at an offset within the range.
     *
     * @param residentBytes length of a resident chunk
     * @param keptTo end of the pages that are still resident because another consumer has read them
     * @param shared whether there is more than one consumer
     */
    Chunk at(long offset, int residentBytes, long keptTo, boolean shared) throws PosixException {
        var segment = holes.at(offset);
        long segmentEnd = Math.min(segment.range().endBytes(), range.endBytes());
        if (segment.isHole()) {
            long end = Math.min(segmentEnd, ByteRange.endOf(offset, WINDOW_BYTES));
            return chunk(ByteRange.between(offset, end), Chunk.Kind.HOLE, shared);
        }
        survey.reach(offset, ByteRange.endOf(offset, chunkBytes + surveyAheadBytes));
        var resident = aligned(offset, residentBytes, segmentEnd);
        return resident.endBytes() <= keptTo || survey.isHot(resident)
                ? chunk(resident, Chunk.Kind.RESIDENT, shared)
                : chunk(aligned(offset, chunkBytes, segmentEnd), Chunk.Kind.STORED, shared);
    }

    private Chunk chunk(ByteRange part, Chunk.Kind kind, boolean shared) {
        return new Chunk(part, kind, front.claim(part, shared));
    }

    /** The range from an offset to the next multiple of a length, at most to the end of the segment. */
    private static ByteRange aligned(long offset, long lengthBytes, long segmentEnd) {
        return ByteRange.between(offset, Math.min(ByteRange.endOfUnit(offset, lengthBytes), segmentEnd));
    }
}
