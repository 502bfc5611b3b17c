// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.ByteRange;

/**
 * A piece of a file that a consumer has to deal with next.
 *
 * @param kind what it costs to get
 */
public record Chunk(ByteRange range, Kind kind) {
    /** Where the bytes are. */
    public enum Kind {
        /** In the page cache: chunks may be read side by side, in any order. */
        RESIDENT,
        /** To come from the device: reads should follow each other in order, for the kernel's readahead. */
        STORED,
        /** Nowhere: they are zeros, and need no read. */
        HOLE
    }
}
