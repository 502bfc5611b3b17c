// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

/** Accumulates a {@link CacheEffect}; used under the lock of its window, or by the thread of its reader. */
final class CacheEffectCounter {
    long dontCacheBytes;
    long dropBehindBytes;
    long plainBytes;
    long holeBytes;
    long hotBeforeBytes;
    long hotAfterBytes;
    long leftBytes;
    long releasedBytes;

    long unknownBytes;

    /** {@code knowledge}: what the plan knows of the file's residency. */
    void read(ReadStrategy strategy, long bytes, ReadPlan.Knowledge knowledge) {
        unknownBytes += knowledge == ReadPlan.Knowledge.UNKNOWN ? bytes : 0;
        switch (strategy) {
            case DONTCACHE -> dontCacheBytes += bytes;
            case DROP_BEHIND -> dropBehindBytes += bytes;
            case PLAIN -> plainBytes += bytes;
        }
    }

    CacheEffect toEffect() {
        return new CacheEffect(
                dontCacheBytes,
                dropBehindBytes,
                plainBytes,
                holeBytes,
                hotBeforeBytes,
                hotAfterBytes,
                leftBytes,
                releasedBytes,
                unknownBytes);
    }
}
