// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.options;

import io.millrace.pagecache.CacheEffect;
import io.millrace.units.ByteSize;

/** Formats the effect of a neutral read on the page cache, as the end of a sentence. */
public final class CacheSummary {
    private CacheSummary() {}

    public static String of(CacheEffect effect) {
        String words = "; page cache: " + ByteSize.format(effect.hotBeforeBytes()) + " hot before, "
                + ByteSize.format(effect.hotAfterBytes()) + " of it after, "
                + ByteSize.format(effect.leftBytes()) + " left behind";
        return effect.unknownBytes() == 0 ? words : words + ", unknown for " + ByteSize.format(effect.unknownBytes());
    }
}
