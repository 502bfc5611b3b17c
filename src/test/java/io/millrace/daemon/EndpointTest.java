// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** With options that are a port and a word, of which a port can be open once. */
class EndpointTest {
    private static final Duration FOR_EVER = Duration.ofDays(1);

    private final Set<Integer> open = new HashSet<>();
    private boolean stolen;

    private Endpoint.Server open(String options) throws IOException {
        int port = Integer.parseInt(options.substring(0, 1));
        if (stolen || port == 9 || !open.add(port)) {
            throw new IOException(port + " is taken");
        }
        return () -> open.remove(port);
    }

    private Endpoint<String> face(Duration gracePeriod) throws IOException {
        var face = new Endpoint<>("it", this::open, "1a", gracePeriod);
        assertThat(open).isEmpty();
        face.open();
        return face;
    }

    @Test
    void movesToAnotherPort() throws Exception {
        try (var face = face(Duration.ZERO)) {
            face.apply("2a");
            assertThat(open).containsExactly(2);
            assertThat(face.isSettled()).isTrue();
        }
        assertThat(open).isEmpty();
    }

    @Test
    void letsClientsOfTheFormerPortGoOnForAWhile() throws Exception {
        try (var face = face(FOR_EVER)) {
            face.apply("2a");
            face.settle();
            assertThat(open).containsExactlyInAnyOrder(1, 2);
            assertThat(face.isSettled()).isFalse();
            face.apply("3a");
            assertThat(open).as("the one before the last").containsExactlyInAnyOrder(2, 3);
            face.apply("2b");
            assertThat(open).as("a port that the former had").containsExactlyInAnyOrder(2, 3);
        }
        assertThat(open).isEmpty();
        try (var face = face(Duration.ofMillis(1))) {
            face.apply("2a");
            Thread.sleep(2); // longer than the while
            face.settle();
            assertThat(open).containsExactly(2);
            assertThat(face.isSettled()).isTrue();
        }
    }

    @Test
    void changesOnItsOwnPort() throws Exception {
        try (var face = face(FOR_EVER)) {
            face.apply("1b");
            assertThat(open).containsExactly(1);
            assertThat(face.options()).isEqualTo("1b");
        }
        assertThat(open).isEmpty();
    }

    @Test
    void staysWhereItWasWhenThePortIsTaken() throws Exception {
        try (var face = face(Duration.ZERO)) {
            assertThatThrownBy(() -> face.apply("9a")).hasMessage("9 is taken");
            assertThat(open).containsExactly(1);
            assertThat(face.options()).isEqualTo("1a");
            assertThat(face.trouble()).isEmpty();
        }
        assertThat(open).isEmpty();
    }

    @Test
    void saysThatNothingListensAndTriesAgainUntilItDoes() throws Exception {
        try (var face = face(Duration.ZERO)) {
            stolen = true;
            assertThatThrownBy(() -> face.apply("1b")).hasMessage("1 is taken");
            assertThat(open).isEmpty();
            assertThat(face.trouble()).hasValue("it does not listen (1 is taken)");
            face.settle();
            assertThat(face.trouble()).isPresent();
            assertThat(face.isSettled()).isFalse();
            stolen = false;
            face.settle();
            assertThat(open).containsExactly(1);
            assertThat(face.options()).isEqualTo("1a");
            assertThat(face.trouble()).isEmpty();
            assertThat(face.isSettled()).isTrue();
        }
        assertThat(open).isEmpty();
    }

    @Test
    void anotherPortHelpsWhereNothingListens() throws Exception {
        try (var face = face(Duration.ZERO)) {
            stolen = true;
            assertThatThrownBy(() -> face.apply("1b")).hasMessage("1 is taken");
            assertThatThrownBy(() -> face.apply("2b")).hasMessage("2 is taken");
            assertThat(face.trouble()).isPresent();
            stolen = false;
            face.apply("2b");
            assertThat(open).containsExactly(2);
            assertThat(face.trouble()).isEmpty();
        }
    }

    @Test
    void doesNothingWhenNothingChanged() throws Exception {
        try (var face = face(Duration.ZERO)) {
            open.add(7);
            face.apply("1a");
            assertThat(open).containsExactlyInAnyOrder(1, 7);
        }
    }
}
