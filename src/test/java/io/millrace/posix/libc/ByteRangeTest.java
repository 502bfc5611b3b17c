// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteRangeTest {
    @Test
    void endsWhereItsLengthSays() {
        assertThat(ByteRange.between(3, 10)).isEqualTo(new ByteRange(3, 7));
        assertThat(new ByteRange(3, 7).endBytes()).isEqualTo(10);
        assertThat(new ByteRange(3, 7)).hasToString("3+7");
        assertThat(new ByteRange(0, Long.MAX_VALUE).endBytes()).isEqualTo(Long.MAX_VALUE);
        assertThat(new ByteRange(Long.MAX_VALUE, 0).isEmpty()).isTrue();
        assertThat(new ByteRange(5, 1).isEmpty()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 1",
        "1, -1",
        "9223372036854775807, 1",
        "1, 9223372036854775807",
        "-9223372036854775808, -9223372036854775808"
    })
    void refusesWhatNoFileHas(long offset, long length) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ByteRange(offset, length))
                .withMessage("no such range of bytes: " + offset + "+" + length);
    }

    @ParameterizedTest
    @CsvSource({"5, 4", "-1, 5", "-9223372036854775808, 9223372036854775807", "9223372036854775807, -2"})
    void refusesToEndBeforeItStarts(long start, long end) {
        assertThatIllegalArgumentException().isThrownBy(() -> ByteRange.between(start, end));
    }
}
