// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.libc;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.posix.linux.ConstantsIT;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** That numbers and words are the system's own is for {@link ConstantsIT} to say. */
class ErrnoTest {
    @Test
    void isFoundByItsNumber() {
        for (Errno errno : Errno.values()) {
            assertThat(Errno.of(errno.number())).isEqualTo(errno);
        }
        assertThat(Arrays.stream(Errno.values()).map(Errno::number)).doesNotHaveDuplicates();
    }

    @Test
    void isUnknownForAnyOtherNumber() {
        for (int number : new int[] {-1, 0, 41, 58, 134, 255, 256, 524, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertThat(Errno.of(number)).as("%d", number).isEqualTo(Errno.UNKNOWN);
        }
    }
}
