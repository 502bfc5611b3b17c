// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import java.time.Instant;
import java.util.Arrays;

/** The rate of all scans together over the last ten minutes, a value a second. Any thread. */
final class RateHistory {
    static final int SECONDS = 600;

    private static final double NANOS_PER_SECOND = 1e9;

    private final double[] rates = new double[SECONDS];
    private int next;
    private Instant end = Instant.EPOCH;
    private long lastBytes;
    private long lastNanos;
    private boolean begun;

    /**
     * @param end when the last value was taken
     * @param bytesPerSecond oldest first, a second apart; zeros before the service started
     */
    record View(Instant end, double[] bytesPerSecond) {
        double last() {
            return bytesPerSecond[bytesPerSecond.length - 1];
        }

        double highest() {
            return Arrays.stream(bytesPerSecond).max().orElse(0);
        }
    }

    /** @param bytes that were read since the service started */
    synchronized void add(Instant at, long nanoTime, long bytes) {
        double seconds = (nanoTime - lastNanos) / NANOS_PER_SECOND;
        double rate = begun && seconds > 0 ? Math.max(0, bytes - lastBytes) / seconds : 0;
        // A pulse that was late stands for the seconds that it missed, or the chart's time would drift.
        int places = begun ? (int) Math.max(1, Math.min(SECONDS, Math.round(seconds))) : 1;
        for (int i = 0; i < places; i++) {
            rates[next] = rate;
            next = (next + 1) % SECONDS;
        }
        begun = true;
        lastBytes = bytes;
        lastNanos = nanoTime;
        end = at;
    }

    synchronized View view() {
        var inOrder = new double[SECONDS];
        System.arraycopy(rates, next, inOrder, 0, SECONDS - next);
        System.arraycopy(rates, 0, inOrder, SECONDS - next, next);
        return new View(end, inOrder);
    }
}
