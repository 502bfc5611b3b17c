// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.units.ByteSize;

/**
 * What reading did to the page cache, measured where the plan had the kernel asked ({@link ReadPlan.Knowledge}). All in
 * bytes.
 *
 * @param dontCacheBytes read with {@link ReadStrategy#DONTCACHE}
 * @param dropBehindBytes read with {@link ReadStrategy#DROP_BEHIND}
 * @param plainBytes read with {@link ReadStrategy#PLAIN}
 * @param holeBytes not read because the file has no data there
 * @param hotBeforeBytes resident before the read reached them
 * @param hotAfterBytes of these, still resident behind the read; not asked again where all was resident and nothing
 *     was dropped
 * @param leftBytes not resident before, and still there after all was let go
 * @param releasedBytes asked to be dropped
 * @param unknownBytes of files whose residency the kernel was asked for and would not tell; the hot and left figures
 *     leave them out, as they do files for which nobody asked
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
