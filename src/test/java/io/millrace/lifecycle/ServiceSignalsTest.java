// SPDX-License-Identifier: Apache-2.0
package io.millrace.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.lifecycle.ServiceSignals.Request;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ServiceSignalsTest {
    @Test
    void givesAWishOnceAndWaitsNoLongerThanAsked() throws InterruptedException {
        var signals = new ServiceSignals();
        signals.ask(Request.RELOAD);
        signals.ask(Request.RELOAD);
        assertThat(signals.await(Duration.ofDays(1))).contains(Request.RELOAD);
        assertThat(signals.await(Duration.ofMillis(1))).isEmpty();
        signals.ask(Request.RELOAD);
        assertThat(signals.await(Duration.ofDays(1)))
                .as("asked for after the last")
                .contains(Request.RELOAD);
        assertThat(signals.exitCode()).isZero();
    }

    @Test
    void nothingComesBeforeTheWishToStop() throws InterruptedException {
        var signals = new ServiceSignals();
        signals.ask(Request.RELOAD);
        signals.ask(Request.STOP);
        signals.ask(Request.STOP);
        assertThat(signals.await(Duration.ofDays(1))).contains(Request.STOP);
        assertThat(signals.await(Duration.ofMillis(1))).isEmpty();
    }
}
