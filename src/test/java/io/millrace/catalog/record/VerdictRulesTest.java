// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.catalog.record.BlockSums.Provenance;
import io.millrace.posix.libc.ByteRange;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictRulesTest {
    private static final long MIB = 1 << 20;
    private static final long SECOND = 1_000_000_000L;
    private static final long NOW = 1_764_000_000L * SECOND;
    private static final FileKey KEY = FileKey.of(new byte[] {1}, 17, 1);
    private static final FileState STATE = new FileState(4 * MIB, NOW - 3600 * SECOND, NOW - 3600 * SECOND);
    private static final int[] GOOD = {10, 11, 12, 13};

    private static BlockSums sums(long size, Provenance from, int... sums) {
        var blocks = BlockSums.builder(size);
        for (int i = 0; i < sums.length; i++) {
            blocks = blocks.put(i, sums[i], from);
        }
        return blocks.build();
    }

    private static Observation.Builder seen(int... sums) {
        return Observation.builder(STATE, NOW + 100 * SECOND, sums(STATE.sizeBytes(), Provenance.DEVICE, sums));
    }

    private static DigestValues sha(int value) {
        return DigestValues.of(Map.of("sha256", new byte[] {(byte) value}));
    }

    private static Assessment first(Observation seen) {
        return VerdictRules.assess(Optional.empty(), KEY, seen, NameChange.NEW);
    }

    private static FileRecord stored() {
        return first(Observation.builder(STATE, NOW, sums(STATE.sizeBytes(), Provenance.DEVICE, GOOD))
                        .digests(sha(1))
                        .build())
                .record();
    }

    private static Assessment assess(FileRecord stored, Observation seen) {
        return VerdictRules.assess(Optional.of(stored), KEY, seen, NameChange.NONE);
    }

    @Test
    void recordsWhatIsNew() {
        Assessment first = first(seen(GOOD).digests(sha(1)).build());
        assertThat(first.verdict()).isEqualTo(Verdict.NEW);
        FileRecord record = first.record();
        assertThat(record.blocks().isAllFromDevice()).isTrue();
        assertThat(record.digests()).isEqualTo(sha(1));
        assertThat(record.verification()).isEqualTo(new Verification(1_764_000_100, 1_764_000_100, 1_764_000_100));
    }

    @Test
    void saysWhatIsUnchangedAndWhenItWasVerified() {
        Assessment again = assess(stored(), seen(GOOD).digests(sha(1)).build());
        assertThat(again.verdict()).isEqualTo(Verdict.OK);
        assertThat(again.findings()).isEmpty();
        assertThat(again.record().verification())
                .isEqualTo(new Verification(1_764_000_000, 1_764_000_100, 1_764_000_100));
    }

    @Test
    void doesNotSayOnTheDeviceOfWhatTheCacheGave() {
        var seen = Observation.builder(STATE, NOW + 100 * SECOND, sums(4 * MIB, Provenance.CACHE, GOOD))
                .build();
        Verification after = assess(stored(), seen).record().verification();
        assertThat(after.lastVerified()).isEqualTo(1_764_000_100);
        assertThat(after.lastOnDevice()).isEqualTo(1_764_000_000);
    }

    /** Block 2 is 12 by the record. "-": the block is not resident. */
    @ParameterizedTest(name = "device {0}, cached copy {1}: {2}")
    @CsvSource({
        "12, -, OK",
        "12, 12, OK",
        "12, 99, MEMORY_SUSPECT",
        "99, 12, DISK_BAD",
        "99, 99, CORRUPT",
        "99, 98, CORRUPT",
        "99, -, CORRUPT",
    })
    void comparesDiskAndCachedCopy(int device, String cached, Verdict verdict) {
        Observation.Builder seen = seen(10, 11, device, 13);
        if (!cached.equals("-")) {
            seen = seen.cached(2, Integer.parseInt(cached));
        }
        FileRecord stored = stored();
        Assessment assessment = assess(stored, seen.build());
        assertThat(assessment.verdict()).isEqualTo(verdict);
        if (verdict != Verdict.OK) {
            assertThat(assessment.findings()).containsExactly(new Finding(verdict, new ByteRange(2 * MIB, MIB)));
            assertThat(assessment.record()).isEqualTo(stored.with(verdict));
        }
    }

    @Test
    void joinsRangesAndTakesTheMostUrgentVerdict() {
        Assessment assessment =
                assess(stored(), seen(90, 91, 92, 13).cached(2, 12).build());
        assertThat(assessment.verdict()).isEqualTo(Verdict.DISK_BAD);
        assertThat(assessment.findings())
                .containsExactly(
                        new Finding(Verdict.CORRUPT, new ByteRange(0, 2 * MIB)),
                        new Finding(Verdict.DISK_BAD, new ByteRange(2 * MIB, MIB)));
    }

    @Test
    void callsTransientWhatASecondReadGaveRight() {
        Assessment assessment = assess(stored(), seen(GOOD).unstable(3).build());
        assertThat(assessment.verdict()).isEqualTo(Verdict.TRANSIENT);
        assertThat(assessment.findings()).containsExactly(new Finding(Verdict.TRANSIENT, new ByteRange(3 * MIB, MIB)));
        assertThat(assessment.record().blocks()).isEqualTo(stored().blocks());
    }

    @Test
    void callsModifiedWhatWasWrittenAndTakesItDown() {
        var state = new FileState(4 * MIB, NOW, NOW);
        Assessment assessment = assess(
                stored(),
                Observation.builder(state, NOW + 100 * SECOND, sums(4 * MIB, Provenance.DEVICE, 1, 2, 3, 4))
                        .digests(sha(2))
                        .build());
        assertThat(assessment.verdict()).isEqualTo(Verdict.MODIFIED);
        assertThat(assessment.record().state()).isEqualTo(state);
        assertThat(assessment.record().blocks().crc32c(0)).isEqualTo(1);
        assertThat(assessment.record().digests()).isEqualTo(sha(2));
        assertThat(assessment.record().verification().firstSeen()).isEqualTo(1_764_000_000);
    }

    /** chmod and rename move ctime; whoever sets mtime back moves it too. */
    @Test
    void callsCorruptWhatChangedWithoutMtime() {
        var state = new FileState(4 * MIB, STATE.modifiedNanos(), NOW);
        BlockSums changed = sums(4 * MIB, Provenance.DEVICE, 10, 11, 12, 99);
        BlockSums same = sums(4 * MIB, Provenance.DEVICE, GOOD);
        assertThat(assess(
                                stored(),
                                Observation.builder(state, NOW + 100 * SECOND, changed)
                                        .build())
                        .verdict())
                .isEqualTo(Verdict.CORRUPT);
        Assessment ok = assess(
                stored(), Observation.builder(state, NOW + 100 * SECOND, same).build());
        assertThat(ok.verdict()).isEqualTo(Verdict.OK);
        assertThat(ok.record().state()).isEqualTo(state);
    }

    @Test
    void tellsGrowthFromChange() {
        var state = new FileState(5 * MIB, NOW, NOW);
        BlockSums grown = sums(5 * MIB, Provenance.DEVICE, 10, 11, 12, 13, 14);
        BlockSums changed = sums(5 * MIB, Provenance.DEVICE, 10, 99, 12, 13, 14);
        assertThat(assess(
                                stored(),
                                Observation.builder(state, NOW + 100 * SECOND, grown)
                                        .build())
                        .note())
                .startsWith("grown");
        assertThat(assess(
                                stored(),
                                Observation.builder(state, NOW + 100 * SECOND, changed)
                                        .build())
                        .note())
                .isEmpty();
    }

    @ParameterizedTest(name = "written {0} s before, dirtiness known {1}: {2}")
    @CsvSource({
        "1, true, UNSETTLED",
        "3, true, MODIFIED",
        "-1, true, UNSETTLED",
        "59, false, UNSETTLED",
        "61, false, MODIFIED"
    })
    void waitsUntilItIsSettled(int seconds, boolean known, Verdict verdict) {
        var state = new FileState(4 * MIB, NOW, NOW);
        var seen = Observation.builder(state, NOW + seconds * SECOND, sums(4 * MIB, Provenance.DEVICE, 1, 2, 3, 4));
        Assessment assessment = assess(stored(), (known ? seen : seen.dirtinessUnknown()).build());
        assertThat(assessment.verdict()).isEqualTo(verdict);
        assertThat(assessment.record().blocks().crc32c(0)).isEqualTo(verdict == Verdict.UNSETTLED ? 10 : 1);
    }

    /** cp -p makes files with an old mtime; ctime cannot be set. */
    @Test
    void waitsAfterACopyThatKeptMtime() {
        var state = new FileState(4 * MIB, STATE.modifiedNanos(), NOW);
        var seen = Observation.builder(state, NOW + SECOND, sums(4 * MIB, Provenance.DEVICE, GOOD))
                .build();
        assertThat(first(seen).verdict()).isEqualTo(Verdict.UNSETTLED);
        assertThat(first(seen).record().hasBaseline()).isFalse();
    }

    @Test
    void takesNoBaselineOfDirtyBlocks() {
        BlockSums clean = BlockSums.builder(4 * MIB)
                .put(0, 10, Provenance.DEVICE)
                .put(1, 11, Provenance.DEVICE)
                .put(3, 13, Provenance.DEVICE)
                .build();
        Assessment dirty = first(Observation.builder(STATE, NOW, clean)
                .unsettled(2)
                .digests(sha(1))
                .build());
        assertThat(dirty.verdict()).isEqualTo(Verdict.UNSETTLED);
        assertThat(dirty.record().blocks()).isEqualTo(clean);
        assertThat(dirty.record().digests()).isEqualTo(DigestValues.NONE);
        assertThat(dirty.record().verification().lastVerified()).isEqualTo(Verification.NEVER);

        // Written back meanwhile, with content that nobody had seen: no alarm.
        Assessment settled =
                assess(dirty.record(), seen(10, 11, 77, 13).digests(sha(2)).build());
        assertThat(settled.verdict()).isEqualTo(Verdict.OK);
        assertThat(settled.record().blocks().crc32c(2)).isEqualTo(77);
        assertThat(settled.record().digests()).isEqualTo(sha(2));
        assertThat(settled.record().standing()).isEqualTo(new Standing(FileClass.SETTLED, 0, Verdict.OK));
    }

    @Test
    void findsABadBlockBesideDirtyOnes() {
        BlockSums some =
                BlockSums.builder(4 * MIB).put(0, 99, Provenance.DEVICE).build();
        Assessment assessment = assess(
                stored(), Observation.builder(STATE, NOW, some).unsettled(1).build());
        assertThat(assessment.verdict()).isEqualTo(Verdict.CORRUPT);
    }

    @Test
    void callsLiveWhatNeverSettles() {
        FileRecord record = stored();
        for (Verdict expected : new Verdict[] {Verdict.UNSETTLED, Verdict.UNSETTLED, Verdict.LIVE, Verdict.LIVE}) {
            Assessment assessment =
                    assess(record, seen(1, 2, 3, 4).changedMeanwhile().build());
            assertThat(assessment.verdict()).isEqualTo(expected);
            assertThat(assessment.record().blocks()).isEqualTo(stored().blocks());
            record = assessment.record();
        }
        assertThat(record.standing().type()).isEqualTo(FileClass.LIVE);
        Assessment settled = assess(record, seen(GOOD).build());
        assertThat(settled.verdict()).isEqualTo(Verdict.OK);
        assertThat(settled.record().standing().type()).isEqualTo(FileClass.SETTLED);
    }

    @Test
    void keepsWhatASuspectWasUntilItIsAccepted() {
        FileRecord suspect = assess(stored(), seen(99, 11, 12, 13).build()).record();
        var state = new FileState(4 * MIB, NOW, NOW);
        var written = Observation.builder(state, NOW + 100 * SECOND, sums(4 * MIB, Provenance.DEVICE, 1, 2, 3, 4))
                .digests(sha(2))
                .build();
        Assessment later = assess(suspect, written);
        assertThat(later.verdict()).isEqualTo(Verdict.CORRUPT);
        assertThat(later.record()).isEqualTo(suspect);
        assertThat(assess(suspect, seen(1, 2, 3, 4).changedMeanwhile().build())
                        .record()
                        .verdict())
                .as("an unsettled pass does not take the suspicion away")
                .isEqualTo(Verdict.CORRUPT);
        assertThat(VerdictRules.unreadable(suspect).verdict()).isEqualTo(Verdict.CORRUPT);

        Assessment accepted = VerdictRules.accept(suspect, written);
        assertThat(accepted.verdict()).isEqualTo(Verdict.OK);
        assertThat(accepted.record().blocks().crc32c(0)).isEqualTo(1);
        assertThat(accepted.record().digests()).isEqualTo(sha(2));
        assertThat(VerdictRules.accept(
                                suspect, seen(1, 2, 3, 4).changedMeanwhile().build())
                        .record())
                .isEqualTo(suspect);
    }

    @Test
    void clearsASuspectWhoseContentIsBack() {
        FileRecord suspect = assess(stored(), seen(99, 11, 12, 13).build()).record();
        assertThat(assess(suspect, seen(GOOD).build()).verdict()).isEqualTo(Verdict.OK);
        var restored = Observation.builder(
                        new FileState(4 * MIB, NOW, NOW), NOW + 100 * SECOND, sums(4 * MIB, Provenance.DEVICE, GOOD))
                .digests(sha(1))
                .build();
        assertThat(assess(suspect, restored).verdict()).isEqualTo(Verdict.MODIFIED);
    }

    @Test
    void callsMovedWhatIsTheSameElsewhere() {
        Assessment moved =
                VerdictRules.assess(Optional.of(stored()), KEY, seen(GOOD).build(), NameChange.MOVED);
        assertThat(moved.verdict()).isEqualTo(Verdict.MOVED);
        Assessment bad = VerdictRules.assess(
                Optional.of(stored()), KEY, seen(99, 11, 12, 13).build(), NameChange.MOVED);
        assertThat(bad.verdict()).isEqualTo(Verdict.CORRUPT);
        Assessment replaced =
                VerdictRules.assess(Optional.empty(), KEY, seen(GOOD).build(), NameChange.REPLACED);
        assertThat(replaced.verdict()).isEqualTo(Verdict.MODIFIED);
    }

    @Test
    void comparesWithManifestsThatHaveNoTimes() {
        var imported = new FileRecord(
                KEY,
                FileState.ofSize(4 * MIB),
                sha(1),
                BlockSums.none(4 * MIB),
                Verification.first(5),
                Standing.settled(Verdict.NEW));
        Assessment same = assess(imported, seen(GOOD).digests(sha(1)).build());
        assertThat(same.verdict()).isEqualTo(Verdict.OK);
        assertThat(same.record().state()).isEqualTo(STATE);
        assertThat(same.record().blocks().isComplete()).isTrue();
        assertThat(assess(imported, seen(GOOD).digests(sha(2)).build()).verdict())
                .isEqualTo(Verdict.MODIFIED);
    }

    @Test
    void takesNothingDownThatDiskAndCacheDisagreeAbout() {
        Assessment first = first(seen(GOOD).cached(1, 99).digests(sha(1)).build());
        assertThat(first.record().blocks().isKnown(1)).isFalse();
        assertThat(first.record().digests()).isEqualTo(DigestValues.NONE);
    }

    /** Whatever is seen: no alarm without a difference in a settled block, and a difference never passes for ok. */
    @Test
    void neverMissesAndNeverCriesWolf() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            var blocks = BlockSums.builder(4 * MIB);
            boolean isBad = false;
            boolean isMemoryBad = false;
            boolean isDirty = false;
            var cached = new java.util.HashMap<Integer, Integer>();
            var dirty = new java.util.BitSet();
            for (int block = 0; block < 4; block++) {
                if (random.nextInt(5) == 0) {
                    dirty.set(block);
                    isDirty = true;
                    continue;
                }
                int device = random.nextInt(4) == 0 ? 99 : GOOD[block];
                blocks = blocks.put(block, device, Provenance.DEVICE);
                isBad |= device == 99;
                if (random.nextInt(3) == 0) {
                    cached.put(block, random.nextInt(4) == 0 ? 98 : GOOD[block]);
                    isMemoryBad |= cached.get(block) == 98;
                }
            }
            var seen = Observation.builder(STATE, NOW + 100 * SECOND, blocks.build());
            for (var copy : cached.entrySet()) {
                seen = seen.cached(copy.getKey(), copy.getValue());
            }
            for (int block = dirty.nextSetBit(0); block >= 0; block = dirty.nextSetBit(block + 1)) {
                seen = seen.unsettled(block);
            }
            Assessment assessment = assess(stored(), seen.build());
            assertThat(assessment.verdict().isSuspect())
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(isBad || isMemoryBad);
            if (!isBad && !isMemoryBad) {
                assertThat(assessment.verdict()).isEqualTo(isDirty ? Verdict.UNSETTLED : Verdict.OK);
            }
            assertThat(stored().blocks().agreesWith(assessment.record().blocks()))
                    .isTrue();
        }
    }
}
