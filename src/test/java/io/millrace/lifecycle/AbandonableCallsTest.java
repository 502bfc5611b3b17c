// SPDX-License-Identifier: Apache-2.0
package io.millrace.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AbandonableCallsTest {
    private static final Duration SHORT = Duration.ofMillis(10);
    private static final Duration LONG = Duration.ofSeconds(50);

    private final AbandonableCalls calls = new AbandonableCalls();
    private final CountDownLatch answer = new CountDownLatch(1);

    private int hang() throws InterruptedException {
        answer.await();
        return 1;
    }

    private void awaitNothingPending() throws InterruptedException {
        while (calls.pending() > 0) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    @Test
    void givesBackWhatTheCallReturnsOrThrows() throws Exception {
        assertThat(calls.call("a", () -> 7, LONG)).isEqualTo(7);
        assertThatThrownBy(() -> calls.call(
                        "a",
                        () -> {
                            throw new IOException("no");
                        },
                        LONG))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("no");
        awaitNothingPending();
    }

    @Test
    void doesNotMakeACallAgainThatWasGivenUp() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> calls.call("/m: statx", this::hang, SHORT))
                    .isInstanceOf(UnansweredException.class)
                    .hasMessage("/m: statx: no reply within 10ms");
        }
        assertThat(calls.pending()).isEqualTo(1);
        assertThat(calls.call("/other", () -> 7, LONG)).isEqualTo(7);
        answer.countDown();
        assertThat(calls.call("/m: statx", () -> 8, LONG)).isEqualTo(8);
        awaitNothingPending();
    }

    @Test
    void refusesMoreCallsThanItMayGiveUp() {
        for (int i = 0; i < AbandonableCalls.MAX_ABANDONED; i++) {
            String name = "path-" + i;
            assertThatThrownBy(() -> calls.call(name, this::hang, Duration.ZERO))
                    .isInstanceOf(UnansweredException.class);
        }
        assertThatThrownBy(() -> calls.call("more", () -> 7, LONG))
                .isInstanceOf(UnansweredException.class)
                .hasMessage("more: not tried, since 64 calls before it have no reply");
        answer.countDown();
    }

    /** As on a machine so busy that the thread does not get a processor, where no mount is at fault. */
    @Test
    void waitsForAThreadThatHasNotGotAsFarAsTheCall() throws Exception {
        int spun = calls.call(
                "/busy: statx",
                () -> {
                    long end = System.nanoTime() + Duration.ofMillis(100).toNanos();
                    while (System.nanoTime() < end) {
                        Thread.onSpinWait();
                    }
                    return 9;
                },
                SHORT);
        assertThat(spun).isEqualTo(9);
        awaitNothingPending();
    }
}
