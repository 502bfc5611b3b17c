// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.posix.libc.ByteRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RunListTest {
    @Test
    void returnsWhatWasAddedWhateverTheNumbers() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            var runs = new RunList();
            List<ByteRange> expected = new ArrayList<>();
            long at = 0;
            long total = 0;
            while (true) {
                long gap = random.nextLong() >>> (1 + random.nextInt(63));
                long length = random.nextLong() >>> (1 + random.nextInt(63));
                if (at > Long.MAX_VALUE - gap - 1 || at + gap > Long.MAX_VALUE - length || expected.size() > 20_000) {
                    break;
                }
                runs.add(at + gap, at + gap + length);
                if (length > 0) {
                    expected.add(ByteRange.between(at + gap, at + gap + length));
                    at += gap + length;
                    total += length;
                }
            }
            assertThat(runs).as("seed %d", seed).containsExactlyElementsOf(expected);
            assertThat(runs.count()).isEqualTo(expected.size());
            assertThat(runs.totalBytes()).isEqualTo(total);
            assertThat(runs.isFull()).isFalse();
        }
    }

    @Test
    void holdsMillionsOfRunsAndSaysWhenItIsFull() {
        var runs = new RunList();
        long at = 0;
        while (!runs.isFull()) {
            runs.add(at, at + 4096);
            at += 8192;
        }
        assertThat(runs.count()).isGreaterThan(5_000_000);
        long count = 0;
        for (ByteRange run : runs) {
            assertThat(run.offsetBytes()).isEqualTo(count++ * 8192);
        }
        assertThat(count).isEqualTo(runs.count());
    }

    @Test
    void refusesRunsThatAreNotInOrder() {
        var runs = new RunList();
        runs.add(10, 20);
        runs.add(20, 20);
        assertThatIllegalArgumentException().isThrownBy(() -> runs.add(19, 21));
    }
}
