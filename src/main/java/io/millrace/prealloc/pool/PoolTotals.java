// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import java.util.concurrent.atomic.AtomicLong;

/** What is counted of a pool for as long as the service runs, whatever its keeper. The keeper counts, any thread reads. */
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

    /** Over a longer time, so that it can be reckoned with. */
    double steadyClaimsPerSecond() {
        return history.perSecond(System.nanoTime());
    }

    /** Of late: a single claim is seen, and soon forgotten. */
    double claimsPerSecond() {
        return rate.at(System.nanoTime());
    }
}
