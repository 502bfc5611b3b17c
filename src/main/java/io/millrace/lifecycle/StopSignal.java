// SPDX-License-Identifier: Apache-2.0
package io.millrace.lifecycle;

import java.util.concurrent.atomic.AtomicInteger;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * The wish to stop, spoken by SIGINT or SIGTERM. The first signal is a request, to be met at the next safe point; the
 * same again has its usual effect and ends the process at once. Any thread may ask.
 */
public final class StopSignal {
    private static final int SIGNAL_EXIT = 128;

    private final AtomicInteger received = new AtomicInteger();

    /** One that hears nothing until {@link #request} speaks: for code that is not the process's own main. */
    public StopSignal() {}

    /** Takes over SIGINT and SIGTERM of this process, once each. */
    public static StopSignal ofProcess() {
        var stop = new StopSignal();
        for (String name : new String[] {"INT", "TERM"}) {
            Signal.handle(new Signal(name), signal -> {
                Signal.handle(signal, SignalHandler.SIG_DFL);
                stop.request(signal.getNumber());
            });
        }
        return stop;
    }

    /** Asks to stop as if by this signal. */
    public void request(int signalNumber) {
        received.compareAndSet(0, signalNumber);
    }

    public boolean isRequested() {
        return received.get() != 0;
    }

    /** 130 after SIGINT, 143 after SIGTERM, by the shells' convention. */
    public int exitCode() {
        return SIGNAL_EXIT + received.get();
    }
}
