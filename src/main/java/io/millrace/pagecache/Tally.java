// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import java.util.EnumMap;
import java.util.Map;

/** A {@link CacheEffect} in the making; used under the lock of its window. */
final class Tally {
    private final Map<ReadStrategy, Long> readBytes = new EnumMap<>(ReadStrategy.class);
    long holeBytes;
    long hotBeforeBytes;
    long hotAfterBytes;
    long leftBytes;
    long releasedBytes;

    void read(ReadStrategy strategy, long bytes) {
        readBytes.merge(strategy, bytes, Long::sum);
    }

    CacheEffect toEffect(boolean residencyKnown) {
        long dontCache = readBytes.getOrDefault(ReadStrategy.DONTCACHE, 0L);
        long dropBehind = readBytes.getOrDefault(ReadStrategy.DROP_BEHIND, 0L);
        long plain = readBytes.getOrDefault(ReadStrategy.PLAIN, 0L);
        return new CacheEffect(
                dontCache,
                dropBehind,
                plain,
                holeBytes,
                hotBeforeBytes,
                hotAfterBytes,
                leftBytes,
                releasedBytes,
                residencyKnown ? 0 : dontCache + dropBehind + plain);
    }
}
