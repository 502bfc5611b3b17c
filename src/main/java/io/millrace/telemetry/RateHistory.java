// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.scan.throttle.RateMeter;
import java.time.Instant;
import java.util.Arrays;

/**
 * The total rate of all scans over the last ten minutes: one value per second, each a moving average over five seconds.
 * Any thread.
 */
public final class RateHistory {
    static final int SECONDS = 600;

    private static final double NANOS_PER_SECOND = 1e9;

    private final double[] rates = new double[SECONDS];
    private int next;
    private Instant end = Instant.EPOCH;
    private long nanoTime;
    private boolean begun;
    private Count reads = new Count(0);
    private Count deviceReads = new Count(0);

    /**
     * @param end the time of the last value
     * @param bytesPerSecond read, oldest first, one second apart; zeros before the service started
     * @param deviceBytesPerSecond the last rate of bytes that did not come from the page cache
     */
    public record View(Instant end, double[] bytesPerSecond, double deviceBytesPerSecond) {
        public double last() {
            return bytesPerSecond[bytesPerSecond.length - 1];
        }

        public double highest() {
            return Arrays.stream(bytesPerSecond).max().orElse(0);
        }
    }

    /** Computes the rate of a counter. */
    private final class Count {
        private final RateMeter rate = new RateMeter(() -> nanoTime);
        private long last;

        Count(long bytes) {
            last = bytes;
        }

        double next(long bytes) {
            if (bytes > last) {
                rate.add(bytes - last);
            }
            last = bytes;
            return rate.bytesPerSecond();
        }
    }

    /**
     * @param readBytes since the service started
     * @param deviceBytes the part of these bytes that did not come from the page cache
     */
    public synchronized void add(Instant at, long now, long readBytes, long deviceBytes) {
        double seconds = (now - nanoTime) / NANOS_PER_SECOND;
        nanoTime = now;
        if (!begun) {
            reads = new Count(readBytes);
            deviceReads = new Count(deviceBytes);
        }
        double rate = reads.next(readBytes);
        deviceReads.next(deviceBytes);
        // A late tick counts for the seconds that were missed; otherwise the time axis of the chart would drift.
        int places = begun ? (int) Math.max(1, Math.min(SECONDS, Math.round(seconds))) : 1;
        for (int i = 0; i < places; i++) {
            rates[next] = rate;
            next = (next + 1) % SECONDS;
        }
        begun = true;
        end = at;
    }

    public synchronized View view() {
        var inOrder = new double[SECONDS];
        System.arraycopy(rates, next, inOrder, 0, SECONDS - next);
        System.arraycopy(rates, 0, inOrder, SECONDS - next, next);
        return new View(end, inOrder, deviceReads.rate.bytesPerSecond());
    }
}
