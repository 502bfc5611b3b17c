// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

/** A {@link CacheEffect} in the making; used under the lock of its window. */
final class Tally {
    long dontCacheBytes;
    long dropBehindBytes;
    long plainBytes;
    long holeBytes;
    long hotBeforeBytes;
    long hotAfterBytes;
    long leftBytes;
    long releasedBytes;

    void read(ReadStrategy strategy, long bytes) {
        switch (strategy) {
            case DONTCACHE -> dontCacheBytes += bytes;
            case DROP_BEHIND -> dropBehindBytes += bytes;
            case PLAIN -> plainBytes += bytes;
        }
    }

    CacheEffect toEffect(ReadPlan.Knowledge knowledge) {
        return new CacheEffect(
                dontCacheBytes,
                dropBehindBytes,
                plainBytes,
                holeBytes,
                hotBeforeBytes,
                hotAfterBytes,
                leftBytes,
                releasedBytes,
                knowledge == ReadPlan.Knowledge.UNKNOWN ? dontCacheBytes + dropBehindBytes + plainBytes : 0);
    }
}
