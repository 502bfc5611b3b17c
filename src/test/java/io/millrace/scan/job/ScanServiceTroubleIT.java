// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.lifecycle.ThreadShortageException;
import io.millrace.scan.throttle.RateLimiter;
import io.millrace.testkit.TestWorker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Scans of a service that lease workers, hang, fail, or are asked for what is not there. */
class ScanServiceTroubleIT extends ScansFixture {
    @Test
    void feedsLeasedWorkersAndGivesThemBack() throws Exception {
        var open = new AtomicInteger();
        try (var pool = TestWorker.perFile("sha256sum").stall(1_500).pool()) {
            leasing = names -> {
                open.incrementAndGet();
                return lease(List.of(pool), open::decrementAndGet);
            };
            Path file = cold("big", 16 * MEGABYTE);
            var plain = request(Optional.empty(), 2 * MEGABYTE, OptionalDouble.empty(), file);
            String id = scans.start(with(plain, List.of("sha256")));
            until(() -> scans.status(id).bytes() > 0);
            scans.pause(id);
            Thread.sleep(3_500); // more than twice the stall time-out
            scans.setRate(id, RateLimiter.UNLIMITED);
            scans.resume(id);
            assertThat(awaitEnd(id).state()).isEqualTo(ScanState.FINISHED);
            var result = heard.results.get(id + " " + file);
            assertThat(result.workers().get(0).reason()).isEmpty();
            assertThat(result.workers().get(0).output()).isEqualTo(sha256sum(file) + "  -\n");
            assertThat(open).hasValue(0);
        }
    }

    @Test
    void isNotAliveWhenNothingOfItsOwnGoesOn() throws Exception {
        Path file = Files.write(directory.resolve("f"), new byte[5]);
        heard.gate.close();
        String id = start(0, file);
        until(() -> !scans.isAlive(300_000_000));
        assertThat(scans.isAlive()).as("not for a minute yet").isTrue();
        heard.gate.open();
        var unused = awaitEnd(id);
        assertThat(scans.isAlive(0)).as("what is over has nothing to do").isTrue();
    }

    @Test
    void isAliveWhileItIsHeldOrWaitsForOthers() throws Exception {
        Path file = cold("big", 20 * MEGABYTE);
        String slow = start(64 << 10, file);
        until(() -> scans.status(slow).bytes() > 0);
        String waits = start(0, file);
        String paused = start(MEGABYTE, cold("other", 20 * MEGABYTE));
        scans.pause(paused);
        for (int i = 0; i < 40; i++) { // for longer than the limit
            Thread.sleep(100);
            assertThat(scans.isAlive(3_000_000_000L)).isTrue();
        }
        assertThat(scans.status(waits).bytes()).isZero();
    }

    @Test
    void saysWhyAScanFailed() throws Exception {
        heard.refuses = true;
        String id = start(0, Files.write(directory.resolve("f"), new byte[5]));
        var status = awaitEnd(id);
        assertThat(status.state()).isEqualTo(ScanState.FAILED);
        assertThat(status.error()).contains("no room to remember it");
        heard.refusesStarts = true;
        String second = scans.start(request(Optional.empty(), 0, OptionalDouble.of(0.5), directory));
        assertThat(awaitEnd(second).error()).contains("not now");
    }

    @Test
    void tellsTheEndOfAScanThatAnErrorOfTheProgramEnded() throws Exception {
        heard.failsAtStarts = true;
        String id = start(0, directory);
        var status = heard.ended.take();
        assertThat(status.id()).isEqualTo(id);
        assertThat(status.state()).isEqualTo(ScanState.FAILED);
        assertThat(status.error()).contains("java.lang.OutOfMemoryError: no thread");
    }

    @Test
    void holdsNothingForAScanThatTheSystemHasNoThreadFor() {
        var open = new AtomicInteger();
        leasing = names -> {
            open.incrementAndGet();
            return lease(List.of(), open::decrementAndGet);
        };
        var plain = request(Optional.of("s"), 0, OptionalDouble.of(0.5), directory);
        var request = with(plain, List.of("any"));
        var poor = scans(what -> new Thread(what) {
            @Override
            public synchronized void start() {
                throw new OutOfMemoryError("unable to create native thread");
            }
        });
        try (poor) {
            assertThatThrownBy(() -> poor.start(request))
                    .isInstanceOf(ThreadShortageException.class)
                    .hasMessageStartingWith(
                            "cannot start thread millrace-job-s-1: Resource temporarily unavailable (EAGAIN)");
            assertThat(poor.statuses()).isEmpty();
        }
        assertThat(open).hasValue(0);
    }

    @Test
    void closesOnlyWhenTheListenerHasHeardOfTheEnd() throws Exception {
        heard.endGate.close();
        var unused = awaitEnd(start(0, directory));
        var closing = new Thread(scans::close);
        closing.start();
        closing.join(200);
        assertThat(closing.isAlive()).isTrue();
        heard.endGate.open();
        closing.join();
        assertThat(heard.ended).hasSize(1);
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThatIllegalArgumentException().isThrownBy(() -> scans.status("request-9"));
        assertThatIllegalArgumentException().isThrownBy(() -> scans.pause("request-9"));
        var plain = request(Optional.empty(), 0, OptionalDouble.empty(), directory);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scans.start(with(plain, List.of("nobody"))))
                .withMessageContaining("nobody");
        scans.close();
        assertThatIllegalStateException().isThrownBy(() -> scans.start(plain)).withMessage("the service stops");
    }

    @Test
    void keepsTheLastHundred() throws Exception {
        for (int i = 0; i < ScanService.MAX_KEPT + 5; i++) {
            var unused = awaitEnd(start(0, directory));
        }
        assertThat(scans.statuses()).hasSize(ScanService.MAX_KEPT);
        assertThat(scans.statuses().get(0).id()).isEqualTo("request-" + (ScanService.MAX_KEPT + 5));
        assertThatIllegalArgumentException().isThrownBy(() -> scans.status("request-1"));
    }
}
