// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import java.util.concurrent.atomic.AtomicLong;

/** Counters of a pool since the service started; they outlive its keeper. The keeper writes, any thread reads. */
final class PoolTotals {
    private final AtomicLong claims = new AtomicLong();
    private final AtomicLong reservedBytes = new AtomicLong();
    private final ClaimHistory history = new ClaimHistory(System.nanoTime());
    private volatile ClaimRate rate = new ClaimRate(0, System.nanoTime());

    void claimed(long files) {
        claims.addAndGet(files);
        long now = System.nanoTime();
        rate = rate.and(files, now);
        history.add(files, now);
    }

    void reserved(long bytes) {
        reservedBytes.addAndGet(bytes);
    }

    long claims() {
        return claims.get();
    }

    long reservedBytes() {
        return reservedBytes.get();
    }

    /** The claim rate over a longer time, for forecasts. */
    double steadyClaimsPerSecond() {
        return history.perSecond(System.nanoTime());
    }

    /** The recent claim rate: it shows a single claim, and decays within seconds. */
    double claimsPerSecond() {
        return rate.at(System.nanoTime());
    }
}
