// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.throttle;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Measures whether other programs wait for I/O. The host's figure includes the scans' own reads, so all scans are
 * paused for a short window; the pressure measured in that window comes from other programs. While no scan reads
 * anyway, it measures without pausing. Belongs to the thread {@code millrace-pressure}.
 */
public final class QuietWindowProbe {
    /** Interval between quiet windows while no scan yields. */
    static final long PERIOD_NANOS = 1_200_000_000;

    /** Interval between quiet windows while a scan yields and another reads. */
    static final long SHORT_PERIOD_NANOS = 500_000_000;

    private static final long QUIET_NANOS = 50_000_000;
    private static final long CONFIRM_NANOS = 200_000_000;
    private static final long LISTEN_NANOS = 500_000_000;

    /** If a read takes longer than this, the quiet window is skipped. */
    private static final long MAX_READ_NANOS = 1_000_000_000;

    private static final double NANOS_PER_MICRO = 1e3;

    /** Clock and sleep, which tests replace. */
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
     * Measures once, makes scans yield or resume, and waits until the next measurement is due.
     *
     * @param scans all running scans
     * @throws IOException if the host does not report pressure
     */
    void round(List<YieldController> scans) throws IOException, InterruptedException {
        if (isSilent(scans)) {
            double share = share(LISTEN_NANOS);
            if (isSilent(scans)) { // otherwise the pressure may come from a scan that was resumed
                observe(scans, share, LISTEN_NANOS);
            }
            return;
        }
        long start = clock.nanoTime();
        long period = scans.stream().anyMatch(YieldController::yields) ? SHORT_PERIOD_NANOS : PERIOD_NANOS;
        hold(scans, period);
        clock.sleep(Math.max(0, period - (clock.nanoTime() - start)));
    }

    /** Whether every scan is paused or yields, so that none reads. */
    private static boolean isSilent(List<YieldController> scans) {
        return scans.stream().allMatch(scan -> scan.gate().isAway());
    }

    private void hold(List<YieldController> scans, long period) throws IOException, InterruptedException {
        try {
            scans.forEach(scan -> scan.gate().hold(ReadGate.Hold.BREATH));
            if (!awaitQuiet(scans)) {
                return;
            }
            double share = share(QUIET_NANOS);
            observe(scans, share, period);
            if (scans.stream().anyMatch(scan -> !scan.yields() && scan.isTooMuch(share))) {
                double confirmed = share(CONFIRM_NANOS);
                scans.forEach(scan -> scan.make(confirmed));
            }
        } finally {
            scans.forEach(scan -> scan.gate().release(ReadGate.Hold.BREATH));
        }
    }

    private static boolean awaitQuiet(List<YieldController> scans) throws InterruptedException {
        long deadline = System.nanoTime() + MAX_READ_NANOS;
        for (YieldController scan : scans) {
            if (!scan.gate().awaitQuiet(deadline - System.nanoTime())) {
                return false;
            }
        }
        return true;
    }

    private static void observe(List<YieldController> scans, double share, long nanos) {
        scans.stream().filter(YieldController::yields).forEach(scan -> scan.observe(share, nanos));
    }

    /**
     * Measures for {@code nanos} and returns the fraction of that time during which at least one task waited for I/O.
     */
    private double share(long nanos) throws IOException, InterruptedException {
        long start = clock.nanoTime();
        long before = gauge.waitedMicros();
        clock.sleep(nanos);
        long waited = gauge.waitedMicros() - before;
        return waited * NANOS_PER_MICRO / Math.max(1, clock.nanoTime() - start);
    }
}
