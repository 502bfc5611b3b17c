// SPDX-License-Identifier: Apache-2.0
package io.millrace.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CloserTest {
    private final List<String> closed = new ArrayList<>();

    private AutoCloseable part(String name, String failure) {
        return () -> {
            closed.add(name);
            if (!failure.isEmpty()) {
                throw new IOException(failure);
            }
        };
    }

    @Test
    void closesInReverseAndOnce() throws Exception {
        var opened = new Closer();
        var first = opened.add(part("a", ""));
        assertThat(first).isNotNull();
        opened.add(part("b", ""));
        opened.close();
        opened.close();
        assertThat(closed).containsExactly("b", "a");
    }

    @Test
    void closesAllWhateverFails() {
        var opened = new Closer();
        opened.add(part("a", "one"));
        opened.add(part("b", ""));
        opened.add(part("c", "two"));
        assertThatThrownBy(opened::close)
                .hasMessage("two")
                .satisfies(e -> assertThat(e.getSuppressed())
                        .extracting(Throwable::getMessage)
                        .containsExactly("one"));
        assertThat(closed).containsExactly("c", "b", "a");
    }
}
