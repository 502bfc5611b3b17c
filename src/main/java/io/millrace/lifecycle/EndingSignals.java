// SPDX-License-Identifier: Apache-2.0
package io.millrace.lifecycle;

import java.util.function.IntConsumer;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * The signals that end a process unless it handles them (signal(7)). The first of each is a request; the same signal
 * again ends the process at once. A signal that was ignored when the process started, as under nohup(1), stays
 * ignored. These are left to the JVM: SIGQUIT (a thread dump), SIGUSR2, SIGPIPE and SIGXFSZ (it ignores them: the
 * calls fail with EPIPE and EFBIG).
 */
final class EndingSignals {
    /** Sent by people and terminals. */
    private static final String[] USUAL = {"INT", "TERM"};

    /** Sent by resource limits and timers, or by mistake: dd(1) shows its progress at SIGUSR1. */
    private static final String[] UNUSUAL = {"USR1", "ALRM", "XCPU", "VTALRM", "PROF", "IO", "PWR", "STKFLT"};

    private EndingSignals() {}

    /**
     * Installs the handlers.
     *
     * @param hangUpToo whether SIGHUP is one of them
     * @param request called with the number of each signal that comes the first time
     * @param end called with the number of one that comes again; must end the process
     */
    static void handle(boolean hangUpToo, IntConsumer request, IntConsumer end) {
        if (hangUpToo) {
            handle("HUP", request, end);
        }
        for (String name : USUAL) {
            handle(name, request, end);
        }
        for (String name : UNUSUAL) {
            try {
                handle(name, request, end);
            } catch (IllegalArgumentException e) {
                continue; // the JVM reserves it, or the platform has no such signal
            }
        }
    }

    private static void handle(String name, IntConsumer request, IntConsumer end) {
        var signal = new Signal(name);
        SignalHandler before = Signal.handle(signal, first -> {
            Signal.handle(first, again -> end.accept(again.getNumber()));
            request.accept(first.getNumber());
        });
        if (before == SignalHandler.SIG_IGN) {
            Signal.handle(signal, SignalHandler.SIG_IGN);
        }
    }
}
