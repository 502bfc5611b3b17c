// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.job;

import io.millrace.scan.throttle.RateLimiter;
import java.util.List;

/**
 * The requests that scans accept. Any thread.
 *
 * <p>Every method that takes an id throws {@link IllegalArgumentException} if there is no such scan.
 */
public interface ScanControl {
    /** Returns the active scans first, then the ended ones; each group newest first. */
    List<ScanStatus> statuses();

    ScanStatus status(String id);

    /**
     * Starts a scan on its own threads.
     *
     * @return the id of the scan
     * @throws IllegalArgumentException if a worker is unknown; the message names it
     * @throws IllegalStateException if {@link ScanService#MAX_ACTIVE} scans are active, or the service is stopping
     * @throws io.millrace.lifecycle.ThreadShortageException if the system has no thread for it
     */
    String start(ScanRequest request);

    /**
     * Pauses a scan at its next read. It keeps the worker processes that are in the middle of a file. Returns false if
     * the scan has ended.
     */
    boolean pause(String id);

    /** Returns false if the scan has ended. */
    boolean resume(String id);

    /** Requests that a scan ends at its next read; returns false if it has ended. */
    boolean cancel(String id);

    /**
     * Sets the rate limit of a scan at once: {@link RateLimiter#UNLIMITED}, or at least 1. Returns false if it has
     * ended.
     */
    boolean setRate(String id, long bytesPerSecond);

    /** Sets the rate limit of all scans together. */
    void setTotalRate(long bytesPerSecond);

    /** Returns the rate limit of all scans together, {@link RateLimiter#UNLIMITED} for none. */
    long totalRate();
}
