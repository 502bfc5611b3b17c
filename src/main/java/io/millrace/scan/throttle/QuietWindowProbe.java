// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.throttle;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Listens whether others wait for I/O. The host's figure counts our own reads too, so all scans hold their breath for
 * the moment: what is waited for then, is waited for by others. While no scan reads anyway, it listens all the time.
 * One thread.
 */
public final class QuietWindowProbe {
    /** From one breath to the next, while nobody makes way. */
    static final long PERIOD_NANOS = 1_200_000_000;

    /** And while a scan makes way and another reads. */
    static final long SHORT_PERIOD_NANOS = 500_000_000;

    private static final long QUIET_NANOS = 50_000_000;
    private static final long CONFIRM_NANOS = 200_000_000;
    private static final long LISTEN_NANOS = 500_000_000;

    /** A read that takes longer than that is waited for another time. */
    private static final long MAX_READ_NANOS = 1_000_000_000;

    private static final double NANOS_PER_MICRO = 1e3;

    /** Time, as it passes for whoever listens. */
    public interface Clock {
        long nanoTime();

        void sleep(long nanos) throws InterruptedException;

        Clock REAL = new Clock() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public void sleep(long nanos) throws InterruptedException {
                TimeUnit.NANOSECONDS.sleep(nanos);
            }
        };
    }

    private final PressureSource gauge;
    private final Clock clock;

    QuietWindowProbe(PressureSource gauge, Clock clock) {
        this.gauge = gauge;
        this.clock = clock;
    }

    /**
     * Listens once, has scans make way or go on, and waits until it is time to listen again.
     *
     * @param scans all that are under way
     * @throws IOException where the host does not tell
     */
    void round(List<YieldController> scans) throws IOException, InterruptedException {
        if (isSilent(scans)) {
            double share = share(LISTEN_NANOS);
            if (isSilent(scans)) { // else what was heard may be a scan that was resumed
                heard(scans, share, LISTEN_NANOS);
            }
            return;
        }
        long start = clock.nanoTime();
        long period = scans.stream().anyMatch(YieldController::yields) ? SHORT_PERIOD_NANOS : PERIOD_NANOS;
        hold(scans, period);
        clock.sleep(Math.max(0, period - (clock.nanoTime() - start)));
    }

    /** Whether none of the scans reads, and some make way. */
    private static boolean isSilent(List<YieldController> scans) {
        return scans.stream().allMatch(scan -> scan.pace().isAway());
    }

    private void hold(List<YieldController> scans, long period) throws IOException, InterruptedException {
        try {
            scans.forEach(scan -> scan.pace().hold(ReadGate.Hold.BREATH));
            if (!awaitQuiet(scans)) {
                return;
            }
            double share = share(QUIET_NANOS);
            heard(scans, share, period);
            if (scans.stream().anyMatch(scan -> !scan.yields() && scan.isTooMuch(share))) {
                double confirmed = share(CONFIRM_NANOS);
                scans.forEach(scan -> scan.make(confirmed));
            }
        } finally {
            scans.forEach(scan -> scan.pace().release(ReadGate.Hold.BREATH));
        }
    }

    private static boolean awaitQuiet(List<YieldController> scans) throws InterruptedException {
        long deadline = System.nanoTime() + MAX_READ_NANOS;
        for (YieldController scan : scans) {
            if (!scan.pace().awaitQuiet(deadline - System.nanoTime())) {
                return false;
            }
        }
        return true;
    }

    private static void heard(List<YieldController> scans, double share, long nanos) {
        scans.stream().filter(YieldController::yields).forEach(scan -> scan.heard(share, nanos));
    }

    /** Of so much time from now on, the share in which somebody waited. */
    private double share(long nanos) throws IOException, InterruptedException {
        long start = clock.nanoTime();
        long before = gauge.waitedMicros();
        clock.sleep(nanos);
        long waited = gauge.waitedMicros() - before;
        return waited * NANOS_PER_MICRO / Math.max(1, clock.nanoTime() - start);
    }
}
