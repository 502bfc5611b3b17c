// SPDX-License-Identifier: Apache-2.0
package io.millrace.lifecycle;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The wish to stop, spoken by SIGHUP, SIGINT, SIGTERM or another of {@link EndingSignals}. The first signal is a request, to
 * be met at the next safe point; the same again ends the process at once, after {@link ExitActions}. Any thread may ask.
 */
public final class StopSignal {
    private static final int SIGNAL_EXIT = 128;

    private final AtomicInteger received = new AtomicInteger();

    /** One that hears nothing until {@link #request} speaks: for code that is not the process's own main. */
    public StopSignal() {}

    /** Takes over the signals that would end this process. */
    public static StopSignal ofProcess() {
        var stop = new StopSignal();
        EndingSignals.handle(true, stop::request);
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
