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
 * What a service is asked to do: by SIGHUP to read its configuration again, by SIGTERM, SIGINT and the rest of {@link
 * EndingSignals} to stop. The same of the latter again ends the process at once. Any
 * thread may ask; one awaits.
 */
public final class ServiceSignals {
    /** What is asked. */
    public enum Wish {
        RELOAD,
        STOP
    }

    private static final int SIGNAL_EXIT = 128;

    private final BlockingDeque<Wish> wishes = new LinkedBlockingDeque<>();
    private volatile int exitCode;

    /** One that hears {@link #ask} alone. */
    public ServiceSignals() {}

    /**
     * Takes over SIGHUP, and the signals that would end this process.
     *
     * @param end called with the number of a signal to stop that comes again: is to end the process at once
     */
    public static ServiceSignals ofProcess(IntConsumer end) {
        var signals = new ServiceSignals();
        Signal.handle(new Signal("HUP"), signal -> signals.ask(Wish.RELOAD));
        EndingSignals.handle(
                false,
                number -> {
                    signals.exitCode = SIGNAL_EXIT + number;
                    signals.ask(Wish.STOP);
                },
                end);
        return signals;
    }

    /** 130 after SIGINT, 143 after SIGTERM, by the shells' convention; 0 where nobody but {@link #ask} spoke. */
    public int exitCode() {
        return exitCode;
    }

    /** To stop comes before all else, and what is asked for already is not asked for twice. */
    public synchronized void ask(Wish wish) {
        if (wish == Wish.STOP) {
            wishes.clear();
        }
        if (!wishes.contains(wish)) {
            wishes.add(wish);
        }
    }

    /** The next wish; empty when none came within this time. */
    public Optional<Wish> await(Duration atMost) throws InterruptedException {
        return Optional.ofNullable(wishes.poll(atMost.toNanos(), TimeUnit.NANOSECONDS));
    }
}
