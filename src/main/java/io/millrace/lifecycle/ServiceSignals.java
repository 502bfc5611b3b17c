// SPDX-License-Identifier: Apache-2.0
package io.millrace.lifecycle;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import sun.misc.Signal;

/**
 * Requests to a service: SIGHUP reloads the configuration; SIGTERM, SIGINT and the rest of {@link EndingSignals} stop
 * it. A second signal of the same kind to stop ends the process at once. Any thread may make a request; one thread
 * awaits them.
 */
public final class ServiceSignals {
    /** The kind of request. */
    public enum Request {
        RELOAD,
        STOP
    }

    private static final int SIGNAL_EXIT = 128;

    private final BlockingDeque<Request> wishes = new LinkedBlockingDeque<>();
    private volatile int exitCode;

    /** Creates one that handles no signals and receives requests only by {@link #ask}. */
    public ServiceSignals() {}

    /**
     * Installs handlers for SIGHUP and for the signals that would end this process.
     *
     * @param end called with the number of a signal to stop that comes again; must end the process at once
     */
    public static ServiceSignals ofProcess(IntConsumer end) {
        var signals = new ServiceSignals();
        Signal.handle(new Signal("HUP"), signal -> signals.ask(Request.RELOAD));
        EndingSignals.handle(
                false,
                number -> {
                    signals.exitCode = SIGNAL_EXIT + number;
                    signals.ask(Request.STOP);
                },
                end);
        return signals;
    }

    /** 130 after SIGINT, 143 after SIGTERM, by the shells' convention; 0 if only {@link #ask} was used. */
    public int exitCode() {
        return exitCode;
    }

    /** Adds a request. A stop takes precedence, and a pending request is not added twice. */
    public synchronized void ask(Request request) {
        if (request == Request.STOP) {
            wishes.clear();
        }
        if (!wishes.contains(request)) {
            wishes.add(request);
        }
    }

    /** Returns the next request; empty if none came within this time. */
    public Optional<Request> await(Duration atMost) throws InterruptedException {
        return Optional.ofNullable(wishes.poll(atMost.toNanos(), TimeUnit.NANOSECONDS));
    }
}
