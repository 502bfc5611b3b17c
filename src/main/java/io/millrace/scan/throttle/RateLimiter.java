// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.throttle;

import io.millrace.units.ByteRate;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * A token bucket of bytes, shared by all readers. The rate may be changed at any time, and waiting threads use the new
 * rate. A request larger than the bucket is granted while the bucket is not in debt; the debt delays later requests.
 * Any thread.
 */
public final class RateLimiter {
    /** Rate that means no limit. */
    public static final long UNLIMITED = ByteRate.UNLIMITED;

    /** Size of the bucket, in seconds of the rate. */
    private static final double BURST_SECONDS = 0.1;

    /** Upper bound of the delay before a stop request is noticed. */
    private static final long PATIENCE_NANOS = 100_000_000;

    private static final double NANOS_PER_SECOND = 1e9;

    private final LongSupplier nanoTime;
    private volatile long bytesPerSecond;
    private double tokens;
    private long refilledNanos;

    /** @param bytesPerSecond {@link #UNLIMITED}, or at least 1 */
    public RateLimiter(long bytesPerSecond) {
        this(bytesPerSecond, System::nanoTime);
    }

    RateLimiter(long bytesPerSecond, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.refilledNanos = nanoTime.getAsLong();
        this.bytesPerSecond = new ByteRate(bytesPerSecond).bytesPerSecond();
    }

    /** Changes the rate at once; the bucket keeps its debt. */
    public synchronized void setBytesPerSecond(long bytesPerSecond) {
        refill();
        this.bytesPerSecond = new ByteRate(bytesPerSecond).bytesPerSecond();
        notifyAll();
    }

    public synchronized long bytesPerSecond() {
        return bytesPerSecond;
    }

    /** Takes tokens, and waits while the bucket is in debt unless {@code stopping} is true. */
    public synchronized void take(long bytes, BooleanSupplier stopping) throws InterruptedException {
        long waitNanos = nanosUntilFree();
        while (waitNanos > 0 && !stopping.getAsBoolean()) {
            TimeUnit.NANOSECONDS.timedWait(this, Math.min(waitNanos, PATIENCE_NANOS));
            waitNanos = nanosUntilFree();
        }
        tokens -= bytes;
    }

    /** Whether {@link #take} would not wait. */
    boolean isFree() {
        return nanosUntilFree() == 0;
    }

    /** Takes tokens without waiting, for a caller that has seen that the bucket {@link #isFree}. */
    public void charge(long bytes) {
        if (bytesPerSecond != UNLIMITED) {
            chargeTokens(bytes);
        }
    }

    private synchronized void chargeTokens(long bytes) {
        refill();
        tokens -= bytes;
    }

    /** Returns how long {@link #take} would wait. */
    long nanosUntilFree() {
        return bytesPerSecond == UNLIMITED ? 0 : nanosUntilPaid();
    }

    private synchronized long nanosUntilPaid() {
        refill();
        boolean free = bytesPerSecond == UNLIMITED || tokens >= 0;
        return free ? 0 : (long) Math.ceil(-tokens / bytesPerSecond * NANOS_PER_SECOND);
    }

    private void refill() {
        long now = nanoTime.getAsLong();
        double seconds = (now - refilledNanos) / NANOS_PER_SECOND;
        refilledNanos = now;
        tokens = bytesPerSecond == UNLIMITED
                ? 0
                : Math.min(tokens + seconds * bytesPerSecond, bytesPerSecond * BURST_SECONDS);
    }
}
