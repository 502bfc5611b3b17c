// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.catalog.record.BlockSums.Provenance;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class Crc32cCombinerTest {
    private static int crc(byte[] bytes, int from, int to) {
        var crc = new CRC32C();
        crc.update(bytes, from, to - from);
        return (int) crc.getValue();
    }

    @Test
    void givesTheSumOfTheWholeFromThoseOfParts() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            var bytes = new byte[random.nextInt(5000)];
            random.nextBytes(bytes);
            int cut = random.nextInt(bytes.length + 1);
            assertThat(Crc32cCombiner.combine(crc(bytes, 0, cut), crc(bytes, cut, bytes.length), bytes.length - cut))
                    .as("seed %d, %d bytes cut at %d", seed, bytes.length, cut)
                    .isEqualTo(crc(bytes, 0, bytes.length));
        }
    }

    /** Lengths beyond 2^31 bits and bytes: appended zeros, of which the sum can also be had by doubling. */
    @Test
    void worksForLengthsThatNoTestReads() {
        int sum = 0x12345678;
        int zeros = crc(new byte[1 << 20], 0, 1 << 20);
        int doubled = Crc32cCombiner.combine(sum, zeros, 1 << 20);
        long length = 1 << 20;
        for (int power = 20; power < 50; power++) {
            int next = Crc32cCombiner.combine(doubled, zeros, length);
            zeros = Crc32cCombiner.combine(zeros, zeros, length);
            length *= 2;
            assertThat(Crc32cCombiner.combine(sum, zeros, length))
                    .as("2^%d bytes", power + 1)
                    .isEqualTo(next);
            doubled = next;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3 << 20, (3 << 20) + 77})
    void givesAFilesSumFromItsBlocks(int size) {
        var bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        var sums = BlockSums.builder(size);
        for (int block = 0; block < BlockSums.countOf(size); block++) {
            int from = block << 20;
            sums = sums.put(block, crc(bytes, from, Math.min(size, from + (1 << 20))), Provenance.DEVICE);
        }
        assertThat(sums.build().wholeFile()).hasValue(crc(bytes, 0, size));
    }
}
