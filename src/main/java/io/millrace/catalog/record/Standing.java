// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.record;

/**
 * What the last passes made of a file.
 *
 * @param unsettledPasses how many of the last passes, one after the other, found it unsettled
 */
public record Standing(FileClass type, int unsettledPasses, Verdict verdict) {
    static Standing settled(Verdict verdict) {
        return new Standing(FileClass.SETTLED, 0, verdict);
    }

    /** After one more unsettled pass. */
    Standing unsettledAgain() {
        int passes = Math.min(unsettledPasses + 1, Short.MAX_VALUE);
        boolean isLive = passes >= SettleRules.LIVE_AFTER_PASSES;
        // A suspicion outlives passes that could not look.
        Verdict kept = verdict.isSuspect() ? verdict : isLive ? Verdict.LIVE : Verdict.UNSETTLED;
        return new Standing(isLive ? FileClass.LIVE : FileClass.SETTLED, passes, kept);
    }

    Standing with(Verdict other) {
        return new Standing(type, unsettledPasses, other);
    }
}
