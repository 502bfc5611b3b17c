// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** With options that are a port and a word, of which a port can be open once. */
class FaceTest {
    private final Set<Integer> open = new HashSet<>();

    private AutoCloseable open(String options) throws IOException {
        int port = Integer.parseInt(options.substring(0, 1));
        if (port == 9 || !open.add(port)) {
            throw new IOException(port + " is taken");
        }
        return () -> open.remove(port);
    }

    @Test
    void movesToAnotherPort() throws Exception {
        try (var face = new Face<>(this::open, "1a")) {
            face.apply("2a");
            assertThat(open).containsExactly(2);
        }
        assertThat(open).isEmpty();
    }

    @Test
    void changesOnItsOwnPort() throws Exception {
        try (var face = new Face<>(this::open, "1a")) {
            face.apply("1b");
            assertThat(open).containsExactly(1);
            assertThat(face.options()).isEqualTo("1b");
        }
        assertThat(open).isEmpty();
    }

    @Test
    void staysWhereItWasWhenThePortIsTaken() throws Exception {
        try (var face = new Face<>(this::open, "1a")) {
            assertThatThrownBy(() -> face.apply("9a")).hasMessage("9 is taken");
            assertThat(open).containsExactly(1);
            assertThat(face.options()).isEqualTo("1a");
        }
        assertThat(open).isEmpty();
    }

    @Test
    void doesNothingWhenNothingChanged() throws Exception {
        try (var face = new Face<>(this::open, "1a")) {
            open.add(7);
            face.apply("1a");
            assertThat(open).containsExactlyInAnyOrder(1, 7);
        }
    }
}
