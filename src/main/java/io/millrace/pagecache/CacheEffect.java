// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.units.ByteSize;

/**
 * What reading did to the page cache, measured if the plan asked the kernel ({@link ReadPlan.Knowledge}). All in
 * bytes.
 *
 * @param dontCacheBytes read with {@link ReadStrategy#DONTCACHE}
 * @param dropBehindBytes read with {@link ReadStrategy#DROP_BEHIND}
 * @param plainBytes read with {@link ReadStrategy#PLAIN}
 * @param holeBytes not read because the file has no data there
 * @param hotBeforeBytes resident before they were read
 * @param hotAfterBytes of these, still resident after the read; not measured again if all was resident and nothing was
 *     dropped
 * @param leftBytes not resident before, and still resident after the drop
 * @param releasedBytes for which a drop was requested
 * @param unknownBytes of files whose residency the kernel would not report; the hot and left figures exclude them, as
 *     well as files for which it was not asked
 */
public record CacheEffect(
        long dontCacheBytes,
        long dropBehindBytes,
        long plainBytes,
        long holeBytes,
        long hotBeforeBytes,
        long hotAfterBytes,
        long leftBytes,
        long releasedBytes,
        long unknownBytes) {
    public static final CacheEffect NONE = new CacheEffect(0, 0, 0, 0, 0, 0, 0, 0, 0);

    public CacheEffect plus(CacheEffect more) {
        return new CacheEffect(
                ByteSize.sum(dontCacheBytes, more.dontCacheBytes),
                ByteSize.sum(dropBehindBytes, more.dropBehindBytes),
                ByteSize.sum(plainBytes, more.plainBytes),
                ByteSize.sum(holeBytes, more.holeBytes),
                ByteSize.sum(hotBeforeBytes, more.hotBeforeBytes),
                ByteSize.sum(hotAfterBytes, more.hotAfterBytes),
                ByteSize.sum(leftBytes, more.leftBytes),
                ByteSize.sum(releasedBytes, more.releasedBytes),
                ByteSize.sum(unknownBytes, more.unknownBytes));
    }
}
