// SPDX-License-Identifier: Apache-2.0
package io.millrace.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.lifecycle.ServiceSignals.Wish;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ServiceSignalsTest {
    @Test
    void givesAWishOnceAndWaitsNoLongerThanAsked() throws InterruptedException {
        var signals = new ServiceSignals();
        signals.ask(Wish.RELOAD);
        signals.ask(Wish.RELOAD);
        assertThat(signals.await(Duration.ofDays(1))).contains(Wish.RELOAD);
        assertThat(signals.await(Duration.ofMillis(1))).isEmpty();
        signals.ask(Wish.RELOAD);
        assertThat(signals.await(Duration.ofDays(1)))
                .as("asked for after the last")
                .contains(Wish.RELOAD);
        assertThat(signals.exitCode()).isZero();
    }

    @Test
    void nothingComesBeforeTheWishToStop() throws InterruptedException {
        var signals = new ServiceSignals();
        signals.ask(Wish.RELOAD);
        signals.ask(Wish.STOP);
        signals.ask(Wish.STOP);
        assertThat(signals.await(Duration.ofDays(1))).contains(Wish.STOP);
        assertThat(signals.await(Duration.ofMillis(1))).isEmpty();
    }
}
