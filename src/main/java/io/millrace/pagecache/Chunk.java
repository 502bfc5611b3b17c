// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.libc.ByteRange;

/**
 * A piece of a file that a consumer has to process next.
 *
 * @param kind where the bytes come from
 * @param leadBytes how many bytes at its end no other consumer has claimed before: only these are read from the
 *     device, and they are counted once
 */
public record Chunk(ByteRange range, Kind kind, long leadBytes) {
    /** Where the bytes come from. */
    public enum Kind {
        /** The page cache: chunks may be read in parallel, in any order. */
        RESIDENT,
        /** The device: reads should be sequential, for the kernel's readahead. */
        STORED,
        /** A hole: zeros that need no read. */
        HOLE
    }

    /** The bytes of a part of this chunk that no consumer has claimed before. */
    public long leadWithin(long startBytes, long endBytes) {
        return Math.max(0, endBytes - Math.max(startBytes, range.endBytes() - leadBytes));
    }
}
