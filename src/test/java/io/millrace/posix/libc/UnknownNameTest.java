// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.libc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UnknownNameTest {
    @Test
    void namesThoseThatThereAre() {
        assertThat(UnknownName.message("pool", "wall", List.of("a", "wal")))
                .isEqualTo("there is no pool 'wall'; there are a, wal");
        assertThat(UnknownName.message("worker", List.of("x", "y"), List.of("z")))
                .isEqualTo("there is no worker 'x', 'y'; there is z");
        assertThat(UnknownName.message("scan", "a\nb", List.of()))
                .startsWith("there is no scan 'a")
                .hasLineCount(1);
    }

    @Test
    void listsTheFirstOfMany() {
        var many = IntStream.range(0, 25).mapToObj(String::valueOf).toList();
        assertThat(UnknownName.message("pool", "x", many)).endsWith(", 19 and 5 more");
    }
}
