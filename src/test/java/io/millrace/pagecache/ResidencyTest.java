// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class ResidencyTest {
    @Test
    void readsVectorsOfMincoreByTheirLowestBits() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            var vector = ByteBuffer.allocate(random.nextInt(100));
            var expected = new BitSet();
            int run = 0;
            boolean isResident = false;
            for (int page = 0; page < vector.limit(); page++) {
                if (run-- == 0) {
                    run = random.nextInt(20);
                    isResident = !isResident;
                }
                int others = random.nextInt(128) << 1; // mean nothing (mincore(2))
                vector.put(page, (byte) (others | (isResident ? 1 : 0)));
                expected.set(page, isResident);
            }
            var resident = new BitSet();
            Residency.addRuns(vector, resident);
            assertEquals(expected, resident, "seed " + seed + ", round " + round);
        }
    }
}
