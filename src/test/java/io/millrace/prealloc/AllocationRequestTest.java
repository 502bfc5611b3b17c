// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.posix.FileSystemStatus;
import org.junit.jupiter.api.Test;

class AllocationRequestTest {
    @Test
    void refusesRangesThatAreNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AllocationRequest.of(0, 0))
                .withMessage("the size must be at least 1 byte, not 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AllocationRequest.of(0, -1))
                .withMessage("the size must be at least 1 byte, not -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AllocationRequest.of(-4096, 1))
                .withMessage("the offset cannot be negative: -4096");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AllocationRequest.of(1, Long.MAX_VALUE))
                .withMessage("offset and size together are more than a file can hold (8 EiB - 1)");
        assertThat(AllocationRequest.of(0, Long.MAX_VALUE).range().endBytes()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void refusesPermissionsBeyondReadWriteAndExecute() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AllocationRequest.of(0, 1).withPermissions(04755))
                .withMessage("permissions are 0 to 0777, not 04755");
    }

    @Test
    void takesReservesAsPeopleWriteThem() {
        assertThat(Reserve.parse("10%")).isEqualTo(new Reserve(0, 10));
        assertThat(Reserve.parse("2.5%")).isEqualTo(new Reserve(0, 2.5));
        assertThat(Reserve.parse("1GiB")).isEqualTo(new Reserve(1 << 30, 0));
        for (String wrong : new String[] {"101%", "-1%", "NaN%", "x%", "", "1.5XB", "%"}) {
            assertThatIllegalArgumentException().isThrownBy(() -> Reserve.parse(wrong));
        }
    }

    @Test
    void keepsTheLargerOfBytesAndShare() {
        var disk = new FileSystemStatus(0, 4096, 1000, 900, 800, 0, 0);
        assertThat(new Reserve(100, 5).floorBytes(disk)).isEqualTo(100);
        assertThat(new Reserve(10, 5).floorBytes(disk)).isEqualTo(50);
        assertThat(Reserve.NONE.floorBytes(disk)).isZero();
    }

    @Test
    void refusesBatchesOfNoSize() {
        assertThatIllegalArgumentException().isThrownBy(() -> new PreallocatorOptions(0));
        assertThatIllegalArgumentException().isThrownBy(() -> new PreallocatorOptions(4097));
    }
}
