// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.catalog.record.BlockSums.Provenance;
import io.millrace.posix.libc.ByteRange;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlockSumsTest {
    private static final long MIB = 1 << 20;

    private static BlockSums of(long size, int... sums) {
        var blocks = BlockSums.builder(size);
        for (int i = 0; i < sums.length; i++) {
            blocks = blocks.put(i, sums[i], Provenance.DEVICE);
        }
        return blocks.build();
    }

    @Test
    void takesFourBytesABlockWhereAllCameFromTheDevice() {
        BlockSums blocks = of(2 * MIB + 1, 1, 2, 3);
        assertThat(blocks.sumBytes()).containsExactly(0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3);
        assertThat(blocks.provenanceBytes()).isEmpty();
        assertThat(blocks.isAllFromDevice()).isTrue();
        assertThat(blocks.range(2)).isEqualTo(new ByteRange(2 * MIB, 1));
    }

    @Test
    void hasABitABlockForWhereItCameFrom() {
        BlockSums blocks = BlockSums.builder(9 * MIB)
                .put(0, 1, Provenance.DEVICE)
                .put(8, 2, Provenance.CACHE)
                .build();
        assertThat(blocks.isComplete()).isFalse();
        assertThat(blocks.wholeFile()).isEmpty();
        assertThat(blocks.provenanceBytes()).containsExactly(1, 0, 1, 1);
    }

    @Test
    void comesBackFromWhatIsStored() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            long size = random.nextInt(3) == 0 ? random.nextInt(3) : random.nextLong(40 * MIB);
            int known = random.nextInt(11);
            int device = random.nextInt(11);
            var builder = BlockSums.builder(size);
            for (int block = 0; block < BlockSums.countOf(size); block++) {
                if (random.nextInt(10) < known) {
                    builder = builder.put(
                            block,
                            random.nextInt(),
                            random.nextInt(10) < device ? Provenance.DEVICE : Provenance.CACHE);
                }
            }
            BlockSums blocks = builder.build();
            assertThat(BlockSums.ofStored(size, blocks.sumBytes(), blocks.provenanceBytes()))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(blocks);
        }
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThatIllegalArgumentException().isThrownBy(() -> BlockSums.ofStored(MIB, new byte[8], new byte[0]));
        assertThatIllegalArgumentException().isThrownBy(() -> BlockSums.ofStored(MIB, new byte[4], new byte[3]));
        assertThatIllegalArgumentException().isThrownBy(() -> BlockSums.ofStored(MIB, new byte[3], new byte[0]));
    }

    @Test
    void isCompletedByALaterPass() {
        BlockSums first = BlockSums.builder(3 * MIB)
                .put(0, 1, Provenance.CACHE)
                .put(1, 2, Provenance.CACHE)
                .build();
        BlockSums all = first.completedBy(of(3 * MIB, 1, 99, 3));
        assertThat(all.isComplete()).isTrue();
        assertThat(all.isFromDevice(0)).isTrue();
        assertThat(all.crc32c(1)).as("another content is not taken").isEqualTo(2);
        assertThat(all.isFromDevice(1)).isFalse();
        assertThat(all.crc32c(2)).isEqualTo(3);
    }

    @Test
    void comparesOnlyWhatBothKnow() {
        BlockSums some = BlockSums.builder(2 * MIB).put(1, 2, Provenance.DEVICE).build();
        assertThat(some.agreesWith(of(2 * MIB, 7, 2))).isTrue();
        assertThat(some.agreesWith(of(2 * MIB, 7, 3))).isFalse();
    }

    @Test
    void leavesTheShortBlockOutOfThePrefix() {
        BlockSums whole = of(2 * MIB + 5, 1, 2, 3).wholeBlocks();
        assertThat(whole.isKnown(1)).isTrue();
        assertThat(whole.isKnown(2)).isFalse();
    }
}
