// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.posix.Posix;
import io.millrace.worker.WorkerPools;
import java.util.List;

/**
 * All scans of a service: those under way, and the last {@link #MOST_KEPT} that are over. Any thread.
 *
 * <p>Every method that takes an id throws {@link IllegalArgumentException} where there is no such scan.
 */
public final class Scans implements AutoCloseable {
    public static final int MOST_KEPT = 100;

    /** More than any machine's disks could serve. */
    public static final int MOST_ACTIVE = 64;

    public Scans(Posix posix, WorkerPools workers, ScansListener listener) {
        throw new UnsupportedOperationException(posix + "" + workers + listener);
    }

    /**
     * Begins a scan on threads of its own.
     *
     * @return its id
     * @throws IllegalArgumentException that names an unknown worker
     * @throws IllegalStateException where {@link #MOST_ACTIVE} run already, or the service stops
     */
    public String start(ScanRequest request) {
        throw new UnsupportedOperationException();
    }

    /** Those under way first, then those that are over; within each, the newest first. */
    public List<ScanStatus> statuses() {
        throw new UnsupportedOperationException();
    }

    public ScanStatus status(String id) {
        throw new UnsupportedOperationException();
    }

    /** Holds a scan at its next read. False where it is over. */
    public boolean pause(String id) {
        throw new UnsupportedOperationException();
    }

    public boolean resume(String id) {
        throw new UnsupportedOperationException();
    }

    /** Asks it to end at the next read; false where it is over. */
    public boolean cancel(String id) {
        throw new UnsupportedOperationException();
    }

    /** {@link RateLimiter#UNLIMITED}, or 1 and more; at once. False where it is over. */
    public boolean setRate(String id, long bytesPerSecond) {
        throw new UnsupportedOperationException();
    }

    /** For all scans together. */
    public void setTotalRate(long bytesPerSecond) {
        throw new UnsupportedOperationException();
    }

    public long totalRate() {
        throw new UnsupportedOperationException();
    }

    /** False once a scan that has something to do has moved no byte and no file for long: for a watchdog. */
    public boolean isAlive() {
        throw new UnsupportedOperationException();
    }

    /** Cancels all and waits for their ends. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
