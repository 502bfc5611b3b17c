// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.libc.ByteRange;

/**
 * A piece of a file that a consumer has to deal with next.
 *
 * @param kind what it costs to get
 * @param leadBytes how many at its end no other consumer has claimed before: what it costs the device, and is counted
 */
public record Chunk(ByteRange range, Kind kind, long leadBytes) {
    /** Where the bytes are. */
    public enum Kind {
        /** In the page cache: chunks may be read side by side, in any order. */
        RESIDENT,
        /** To come from the device: reads should follow each other in order, for the kernel's readahead. */
        STORED,
        /** Nowhere: they are zeros, and need no read. */
        HOLE
    }

    /** Of a part of this chunk, the bytes that nobody has claimed before. */
    public long leadWithin(long startBytes, long endBytes) {
        return Math.max(0, endBytes - Math.max(startBytes, range.endBytes() - leadBytes));
    }
}
