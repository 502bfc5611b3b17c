// SPDX-License-Identifier: Apache-2.0
package io.millrace.files;

import java.util.concurrent.locks.LockSupport;

/**
 * How long a writer lets the reader of a full pipe drain it before it writes again. poll(2) reports room as soon as
 * one of the pipe's buffers is empty, and a writer that reacts at once moves a few pages per call and wakes the reader
 * for each of them. The pause grows while the reader leaves more than half of the pipe's capacity, and is halved when
 * the pipe has run empty, so that the reader does not wait for the writer. One thread.
 */
public final class DrainPause {
    /** Longest time that the reader waits if it suddenly reads faster than before. */
    static final long MAX_NANOS = 1_000_000;

    /** Shorter pauses overrun by more than their length (prctl(2), PR_SET_TIMERSLACK: 50 µs). */
    static final long MIN_NANOS = 20_000;

    private long nanos;

    /** Length of the next pause; 0 at first. */
    long nanos() {
        return nanos;
    }

    /** Pauses; returns early if the thread is interrupted. */
    public void await() {
        if (nanos > 0) {
            LockSupport.parkNanos(nanos);
        }
    }

    /** Adapts the next pause to the bytes left in the pipe, or in the emptiest of several, after the last one. */
    public void adapt(int pendingBytes, int capacityBytes) {
        if (pendingBytes == 0) {
            nanos = nanos / 2 < MIN_NANOS ? 0 : nanos / 2;
        } else if (pendingBytes > capacityBytes / 2) {
            nanos = Math.min(MAX_NANOS, Math.max(MIN_NANOS, nanos + nanos / 2));
        }
    }
}
