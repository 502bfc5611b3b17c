// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NativeBufferTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 4095, 4096, 1 << 20})
    void startsOnAPageAndHoldsWhatItSays(int size) {
        try (var buffer = NativeBuffer.allocate(size)) {
            assertThat(Pointer.nativeValue(buffer.at(0, size)) % NativeBuffer.ALIGNMENT_BYTES)
                    .isZero();
            assertThat(buffer.sizeBytes()).isEqualTo(size);
            assertThat(buffer.first(size).put(new byte[size]).hasRemaining()).isFalse();
            assertThat(buffer.first(size).position()).as("a fresh view").isZero();
            assertThatIllegalArgumentException().isThrownBy(() -> buffer.first(size + 1));
        }
    }

    @Test
    void describesAPartOfItselfToTheKernel() {
        try (var buffer = NativeBuffer.allocate(1001)) {
            long start = Pointer.nativeValue(buffer.at(0, 1));
            var iovec = new Pointer(buffer.iovecAt(1, 1000));
            assertThat(iovec.getLong(NativeBuffer.IOVEC_START)).isEqualTo(start + 1);
            assertThat(iovec.getLong(NativeBuffer.IOVEC_LENGTH)).isEqualTo(1000);
        }
    }

    @Test
    void handsOutNoAddressBeyondItselfOrAfterItsEnd() {
        var buffer = NativeBuffer.allocate(10);
        for (long[] part : new long[][] {{0, 11}, {10, 1}, {-1, 1}, {0, -1}, {5, Long.MAX_VALUE}}) {
            assertThatThrownBy(() -> buffer.at(part[0], part[1])).isInstanceOf(IndexOutOfBoundsException.class);
        }
        buffer.close();
        assertThatIllegalStateException().isThrownBy(() -> buffer.at(0, 1)).withMessage("the buffer is closed");
        assertThatIllegalArgumentException().isThrownBy(() -> NativeBuffer.allocate(-1));
    }
}
