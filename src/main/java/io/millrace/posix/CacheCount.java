// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import java.nio.ByteBuffer;

/**
 * What cachestat(2) counts in a range of a file, in pages of {@link PageCalls#pageBytes()}.
 *
 * @param resident pages in the page cache
 * @param dirty of these, not yet written
 * @param writeback of these, being written
 * @param evicted pages that were resident once
 * @param recentlyEvicted of these, so lately that their eviction hurt
 */
public record CacheCount(long resident, long dirty, long writeback, long evicted, long recentlyEvicted) {
    static final int STRUCT_BYTES = 40;
    // Offsets in struct cachestat (linux/mman.h).
    static final int CACHE = 0;
    static final int DIRTY = 8;
    static final int WRITEBACK = 16;
    static final int EVICTED = 24;
    static final int RECENTLY_EVICTED = 32;

    static CacheCount read(ByteBuffer cachestat) {
        return new CacheCount(
                cachestat.getLong(CACHE),
                cachestat.getLong(DIRTY),
                cachestat.getLong(WRITEBACK),
                cachestat.getLong(EVICTED),
                cachestat.getLong(RECENTLY_EVICTED));
    }
}
