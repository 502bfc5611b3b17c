// SPDX-License-Identifier: Apache-2.0
package io.millrace.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class FailuresTest {
    @Test
    void theFirstIsThrownAndTheOthersAreKept() {
        var first = new IOException("first");
        var second = new IOException("second");
        IOException all = Failures.join(null, first);
        all = Failures.join(all, second);
        all = Failures.join(all, first);
        assertThat(all).isSameAs(first).hasSuppressedException(second);
        assertThat(all.getSuppressed()).hasSize(1);
    }
}
