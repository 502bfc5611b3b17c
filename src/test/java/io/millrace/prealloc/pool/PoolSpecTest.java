// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.posix.libc.BytePath;
import io.millrace.prealloc.FillMode;
import io.millrace.prealloc.Reserve;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a pool can be. */
class PoolSpecTest {
    private static PoolSpec spec(String name, String directory, long fileBytes, int ready, int permissions, int owner) {
        return new PoolSpec(
                name,
                BytePath.of(directory),
                fileBytes,
                ready,
                new NamePattern("%d"),
                FillMode.RESERVE,
                permissions,
                OptionalInt.of(owner),
                OptionalInt.empty(),
                Reserve.NONE);
    }

    @Test
    void theBoundsAreWithin() {
        assertThat(spec("a", "/", 1, 0, 0, 0).ready()).isZero();
        assertThat(spec("a", "/", Long.MAX_VALUE, PoolSpec.MAX_READY, 0777, -2).fileBytes())
                .isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "A.b-c_9", "-", "_", "0"})
    void aNameIsShortAndPlain(String name) {
        assertThat(spec(name, "/", 1, 0, 0, 0).name()).isEqualTo(name);
        assertThat(spec(name.repeat(64).substring(0, 64), "/", 1, 0, 0, 0).name())
                .hasSize(64);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", ".a", "a/b", "a b", "a\n", "\u00e9", "a\0", "a\"b", "a*"})
    void anyOtherNameIsRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> spec(name, "/", 1, 0, 0, 0))
                .withMessageStartingWith("a pool's name is made of letters");
        assertThatIllegalArgumentException().isThrownBy(() -> spec("a".repeat(65), "/", 1, 0, 0, 0));
    }

    @Test
    void beyondTheBoundsIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> spec("a", "b", 1, 0, 0, 0))
                .withMessage("a pool's directory is absolute, not b");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> spec("a", "/", 0, 0, 0, 0))
                .withMessage("a pool's files have at least 1 byte, not 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> spec("a", "/", 1, -1, 0, 0))
                .withMessage("a pool keeps 0 to 100000 files, not -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> spec("a", "/", 1, 100_001, 0, 0))
                .withMessage("a pool keeps 0 to 100000 files, not 100001");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> spec("a", "/", 1, 1, 04755, 0))
                .withMessage("permissions are 0 to 0777, not 04755");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> spec("a", "/", 1, 1, 0, -1))
                .withMessage("4294967295 is the number of no user and no group");
    }
}
