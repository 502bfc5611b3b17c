// SPDX-License-Identifier: Apache-2.0
package io.millrace.lifecycle;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * The wish to stop, spoken by SIGHUP, SIGINT, SIGTERM or another of {@link EndingSignals}. The first signal is a request, to
 * be met at the next safe point; the same again ends the process at once. Any thread may ask.
 */
public final class CancellationToken {
    private static final int SIGNAL_EXIT = 128;

    private final AtomicInteger received = new AtomicInteger();

    /** One that hears nothing until {@link #request} speaks: for code that is not the process's own main. */
    public CancellationToken() {}

    /**
     * Takes over the signals that would end this process.
     *
     * @param end called with the number of a signal that comes again: is to end the process at once
     */
    public static CancellationToken ofProcess(IntConsumer end) {
        var stop = new CancellationToken();
        EndingSignals.handle(true, stop::request, end);
        return stop;
    }

    /** Asks to stop as if by this signal. */
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
