// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import java.nio.ByteBuffer;

/**
 * The result of cachestat(2) for a range of a file, in pages of {@link PageCalls#pageBytes()}.
 *
 * @param resident pages in the page cache
 * @param dirty resident pages that are not yet written
 * @param writeback resident pages under writeback
 * @param evicted pages that were resident once
 * @param recentlyEvicted evicted pages that are still in the kernel's working set (refault distance)
 */
public record CacheStat(long resident, long dirty, long writeback, long evicted, long recentlyEvicted) {
    public static final int STRUCT_BYTES = 40;
    // Offsets in struct cachestat (linux/mman.h).
    public static final int CACHE = 0;
    public static final int DIRTY = 8;
    public static final int WRITEBACK = 16;
    public static final int EVICTED = 24;
    public static final int RECENTLY_EVICTED = 32;

    public static CacheStat read(ByteBuffer cachestat) {
        return new CacheStat(
                cachestat.getLong(CACHE),
                cachestat.getLong(DIRTY),
                cachestat.getLong(WRITEBACK),
                cachestat.getLong(EVICTED),
                cachestat.getLong(RECENTLY_EVICTED));
    }
}
