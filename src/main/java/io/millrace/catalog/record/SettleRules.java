// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.record;

/**
 * When content may be taken down or compared. A store to a page of a shared mapping that is already dirty moves neither mtime nor
 * ctime (seen on ext4, xfs and btrfs), so times alone do not tell that nobody writes.
 */
public final class SettleRules {
    /** So close to the read, a later write may bear the same time. */
    static final long RECENT_NANOS = 2_000_000_000L;

    /** Where nobody can say whether pages are dirty: longer than the kernel keeps them so (dirty_expire_centisecs, 30 s). */
    static final long RECENT_WITHOUT_DIRTINESS_NANOS = 60_000_000_000L;

    /** So many unsettled passes one after the other make a file live. */
    static final int LIVE_AFTER_PASSES = 3;

    private SettleRules() {}

    /** Why nothing of the file can be compared or recorded; empty where it can, but for blocks that are dirty. */
    static String whyUnsettled(Observation seen) {
        if (!seen.isSteady()) {
            return "it changed while it was read";
        }
        long window = seen.isDirtinessKnown() ? RECENT_NANOS : RECENT_WITHOUT_DIRTINESS_NANOS;
        if (isWithin(window, seen.readAtNanos(), seen.state().modifiedNanos())
                || isWithin(window, seen.readAtNanos(), seen.state().changedNanos())) {
            return "it was written less than " + window / 1_000_000_000L + " s before";
        }
        return "";
    }

    /** Either side: clocks of file servers go before or after ours. */
    private static boolean isWithin(long window, long readAt, long written) {
        return written > readAt - window && written < readAt + window;
    }
}
