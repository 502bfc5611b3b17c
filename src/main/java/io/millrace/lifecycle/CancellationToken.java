// SPDX-License-Identifier: Apache-2.0
package io.millrace.lifecycle;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * A request to stop, made by SIGHUP, SIGINT, SIGTERM or another of {@link EndingSignals}. The first signal requests a
 * stop at the next safe point; the same signal again ends the process at once. Any thread may request or poll it.
 */
public final class CancellationToken {
    private static final int SIGNAL_EXIT = 128;

    private final AtomicInteger received = new AtomicInteger();

    /**
     * Creates a token that handles no signals and is set only by {@link #request}: for code that does not own the
     * process.
     */
    public CancellationToken() {}

    /**
     * Installs handlers for the signals that would end this process.
     *
     * @param end called with the number of a signal that comes again; must end the process at once
     */
    public static CancellationToken ofProcess(IntConsumer end) {
        var stop = new CancellationToken();
        EndingSignals.handle(true, stop::request, end);
        return stop;
    }

    /** Requests a stop as if by this signal. */
    public void request(int signalNumber) {
        received.compareAndSet(0, signalNumber);
    }

    public boolean isRequested() {
        return received.get() != 0;
    }

    /** 129 after SIGHUP, 130 after SIGINT, 143 after SIGTERM, by the shells' convention. */
    public int exitCode() {
        return SIGNAL_EXIT + received.get();
    }
}
