// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.posix.IoPriority.IoClass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IoPriorityTest {
    @Test
    void isReadWithOrWithoutALevel() {
        assertThat(IoPriority.parse("idle")).isEqualTo(new IoPriority(IoClass.IDLE, 0));
        assertThat(IoPriority.parse("best-effort")).isEqualTo(new IoPriority(IoClass.BEST_EFFORT, 4));
        assertThat(IoPriority.parse("best-effort:7")).isEqualTo(new IoPriority(IoClass.BEST_EFFORT, 7));
        assertThat(IoPriority.parse("realtime:0")).isEqualTo(new IoPriority(IoClass.REALTIME, 0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "none", "Idle", "idle:0", "best-effort:", "best-effort:8", "realtime:-1", "realtime:1:2"})
    void isRefusedInAnyOtherForm(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IoPriority.parse(text))
                .withMessage("'" + text + "' is not one of idle, best-effort[:0-7], realtime[:0-7]");
    }
}
