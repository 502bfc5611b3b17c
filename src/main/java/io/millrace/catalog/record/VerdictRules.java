// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.record;

import java.util.List;
import java.util.Optional;

/**
 * Decides what a pass over a file means, from what is recorded of it and what the pass saw. Pure and stateless.
 *
 * <table>
 * <caption>A block whose recorded sum is s, where size and mtime are the recorded ones</caption>
 * <tr><th>device</th><th>cached copy</th><th>verdict</th></tr>
 * <tr><td>s</td><td>s, or none</td><td>ok</td></tr>
 * <tr><td>s</td><td>other</td><td>memory suspect</td></tr>
 * <tr><td>other</td><td>s</td><td>disk bad, cached copy good</td></tr>
 * <tr><td>other</td><td>other, or none</td><td>corrupt</td></tr>
 * <tr><td>other, then s</td><td></td><td>transient</td></tr>
 * <tr><td colspan="2">dirty or under writeback</td><td>unsettled</td></tr>
 * </table>
 *
 * <p>What a suspect verdict was given for keeps its recorded content, until a pass finds that content again or {@link #accept}.
 */
public final class VerdictRules {
    private VerdictRules() {}

    /**
     * Judges a pass that could read the file.
     *
     * @param stored what is recorded of the file with this key; empty where nothing is
     */
    public static Assessment assess(Optional<FileRecord> stored, FileKey key, Observation seen, NameChange name) {
        if (stored.isEmpty()) {
            return first(key, seen, name);
        }
        FileRecord old = stored.get();
        if (!old.key().equals(key)) {
            throw new IllegalArgumentException("record of " + old.key() + " for a pass over " + key);
        }
        String unsettled = SettleRules.whyUnsettled(seen);
        if (!unsettled.isEmpty()) {
            return unsettled(old, unsettled);
        }
        return seen.state().isRewrittenSince(old.state()) ? rewritten(old, seen) : compared(old, seen, name);
    }

    /** The file is there and cannot be read to its end; what is recorded stays. */
    public static FileRecord unreadable(FileRecord stored) {
        return stored.verdict().isSuspect() ? stored : stored.with(Verdict.UNREADABLE);
    }

    /** No file has any of its names, and its file system is mounted; what is recorded stays until it is forgotten. */
    public static FileRecord missing(FileRecord stored) {
        return stored.with(Verdict.MISSING);
    }

    /** Takes down what a pass found, by an operator's word, whatever was recorded before. Unsettled content is not taken. */
    public static Assessment accept(FileRecord stored, Observation seen) {
        String unsettled = SettleRules.whyUnsettled(seen);
        if (unsettled.isEmpty() && seen.isAnyUnsettled()) {
            unsettled = "parts of it are dirty";
        }
        if (!unsettled.isEmpty()) {
            return new Assessment(Verdict.UNSETTLED, List.of(), unsettled, stored);
        }
        return new Assessment(Verdict.OK, List.of(), "accepted", replaced(stored, seen, Verdict.OK));
    }

    private static Assessment first(FileKey key, Observation seen, NameChange name) {
        var verification = Verification.first(seen.readAtSeconds());
        Standing fresh = Standing.settled(Verdict.NEW);
        String unsettled = SettleRules.whyUnsettled(seen);
        if (!unsettled.isEmpty()) {
            var none = new FileRecord(
                    key,
                    seen.state(),
                    DigestValues.NONE,
                    BlockSums.none(seen.state().sizeBytes()),
                    verification,
                    fresh);
            return unsettled(none, unsettled);
        }
        Verdict verdict = name == NameChange.REPLACED ? Verdict.MODIFIED : Verdict.NEW;
        String note = name == NameChange.REPLACED ? "another file has the name" : "";
        var none = new FileRecord(
                key,
                seen.state(),
                DigestValues.NONE,
                BlockSums.none(seen.state().sizeBytes()),
                verification,
                fresh);
        return recorded(none, seen, verdict, note);
    }

    private static Assessment unsettled(FileRecord old, String why) {
        Standing standing = old.standing().unsettledAgain();
        Verdict verdict = standing.type() == FileClass.LIVE ? Verdict.LIVE : Verdict.UNSETTLED;
        return new Assessment(verdict, List.of(), why, old.with(standing));
    }

    /** Size or mtime are others than the recorded ones, and what was seen is settled but for dirty blocks. */
    private static Assessment rewritten(FileRecord old, Observation seen) {
        boolean isSameSize = old.state().sizeBytes() == seen.state().sizeBytes();
        boolean isSame = isSameSize
                && old.hasBaseline()
                && isUnchanged(old, seen)
                && seen.blocks().isComplete();
        if (old.verdict().isSuspect() && !isSame) {
            String note = "written since it was found " + old.verdict().label() + "; kept until it is accepted";
            return new Assessment(old.verdict(), List.of(), note, old);
        }
        if (seen.isAnyUnsettled()) {
            return unsettled(old, "parts of it are dirty");
        }
        if (!old.hasBaseline()) {
            return recorded(old, seen, Verdict.NEW, "");
        }
        return recorded(old, seen, Verdict.MODIFIED, isSame ? "times only" : growth(old, seen));
    }

    private static boolean isUnchanged(FileRecord old, Observation seen) {
        return old.blocks().agreesWith(seen.blocks()) && !old.digests().contradicts(seen.digests());
    }

    private static String growth(FileRecord old, Observation seen) {
        boolean isLonger = seen.state().sizeBytes() > old.state().sizeBytes();
        boolean isPrefix = old.blocks().isComplete()
                && old.blocks().wholeBlocks().agreesWith(seen.blocks())
                && old.state().sizeBytes() >= BlockSums.BLOCK_BYTES;
        return isLonger && isPrefix ? "grown: its former whole blocks are as they were" : "";
    }

    /** Takes down what was seen in place of what was recorded, with its blocks that were not settled left out. */
    private static Assessment recorded(FileRecord old, Observation seen, Verdict verdict, String note) {
        FileRecord record = replaced(old, seen, verdict);
        if (seen.isAnyUnsettled()) {
            Standing standing = old.standing().unsettledAgain();
            Verdict unsettled = standing.type() == FileClass.LIVE ? Verdict.LIVE : Verdict.UNSETTLED;
            return new Assessment(unsettled, List.of(), "parts of it are dirty", record.with(standing));
        }
        return new Assessment(verdict, List.of(), note, record);
    }

    private static FileRecord replaced(FileRecord old, Observation seen, Verdict verdict) {
        BlockSums blocks = undisputed(seen);
        boolean isWhole = blocks.isComplete();
        long now = seen.readAtSeconds();
        Verification verification = isWhole
                ? old.verification().anew(now, blocks.isAllFromDevice())
                : new Verification(old.verification().firstSeen(), Verification.NEVER, Verification.NEVER);
        return new FileRecord(
                old.key(),
                seen.state(),
                isWhole ? seen.digests() : DigestValues.NONE,
                blocks,
                verification,
                Standing.settled(verdict));
    }

    /** Without blocks that read differently from device and cache: nothing recorded tells which is right. */
    private static BlockSums undisputed(Observation seen) {
        BlockSums blocks = seen.blocks();
        var left = BlockSums.builder(blocks.sizeBytes());
        for (int block = 0; block < blocks.count(); block++) {
            if (blocks.isKnown(block) && (!seen.hasCached(block) || seen.isCached(block, blocks.crc32c(block)))) {
                left = left.put(
                        block,
                        blocks.crc32c(block),
                        blocks.isFromDevice(block) ? BlockSums.Provenance.DEVICE : BlockSums.Provenance.CACHE);
            }
        }
        return left.build();
    }

    /** Size and mtime are the recorded ones. */
    private static Assessment compared(FileRecord old, Observation seen, NameChange name) {
        if (!old.state().hasTimes()) {
            return imported(old, seen);
        }
        var findings = new FindingList(old.blocks());
        for (int block = 0; block < old.blocks().count(); block++) {
            if (old.blocks().isKnown(block) && seen.blocks().isKnown(block)) {
                findings.add(block, blockVerdict(old.blocks().crc32c(block), block, seen));
            }
        }
        if (findings.isEmpty() && old.digests().contradicts(seen.digests())) {
            findings.addWholeFile(Verdict.CORRUPT);
        }
        Verdict worst = findings.worst();
        if (worst.isSuspect()) {
            return new Assessment(worst, findings.list(), "", old.with(worst));
        }
        FileRecord record = confirmed(old, seen);
        if (seen.isAnyUnsettled()) {
            Standing standing = old.standing().unsettledAgain();
            Verdict verdict = worst == Verdict.TRANSIENT
                    ? worst
                    : standing.type() == FileClass.LIVE ? Verdict.LIVE : Verdict.UNSETTLED;
            return new Assessment(verdict, findings.list(), "parts of it are dirty", record.with(standing));
        }
        Verdict verdict = worst == Verdict.TRANSIENT ? worst : settledVerdict(old, name);
        return new Assessment(verdict, findings.list(), "", record.with(Standing.settled(verdict)));
    }

    private static Verdict settledVerdict(FileRecord old, NameChange name) {
        if (!old.hasBaseline()) {
            return Verdict.NEW;
        }
        return name == NameChange.MOVED ? Verdict.MOVED : Verdict.OK;
    }

    private static Verdict blockVerdict(int recorded, int block, Observation seen) {
        boolean isDeviceGood = seen.blocks().crc32c(block) == recorded;
        boolean isCacheGood = seen.isCached(block, recorded);
        if (!isDeviceGood) {
            return isCacheGood ? Verdict.DISK_BAD : Verdict.CORRUPT;
        }
        if (seen.hasCached(block) && !isCacheGood) {
            return Verdict.MEMORY_SUSPECT;
        }
        return seen.isUnstable(block) ? Verdict.TRANSIENT : Verdict.OK;
    }

    /** Without a contradiction: what was recorded, what only this pass knows, and the date if it read all. */
    private static FileRecord confirmed(FileRecord old, Observation seen) {
        BlockSums blocks = old.blocks().completedBy(undisputed(seen));
        Verification verification = seen.blocks().isComplete()
                ? old.verification().on(seen.readAtSeconds(), seen.blocks().isAllFromDevice())
                : old.verification();
        DigestValues digests = seen.blocks().isComplete() ? old.digests().completedBy(seen.digests()) : old.digests();
        return new FileRecord(old.key(), seen.state(), digests, blocks, verification, old.standing());
    }

    /** The record came from a manifest, which has no times: what differs may have been written. */
    private static Assessment imported(FileRecord old, Observation seen) {
        if (seen.isAnyUnsettled() || !seen.blocks().isComplete()) {
            return unsettled(old, "parts of it are dirty");
        }
        if (!old.digests().isComparableTo(seen.digests())) {
            return recorded(old, seen, Verdict.NEW, "no digest that was imported could be compared");
        }
        boolean isSame = !old.digests().contradicts(seen.digests());
        FileRecord record = replaced(old, seen, isSame ? Verdict.OK : Verdict.MODIFIED);
        DigestValues all = isSame ? old.digests().completedBy(seen.digests()) : seen.digests();
        return new Assessment(
                record.verdict(),
                List.of(),
                isSame ? "" : "content is not what was imported; its times are not known",
                new FileRecord(
                        record.key(), record.state(), all, record.blocks(), record.verification(), record.standing()));
    }
}
