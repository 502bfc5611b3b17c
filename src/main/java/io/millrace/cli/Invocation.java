// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.lifecycle.ExitActions;
import io.millrace.lifecycle.StopSignal;
import io.millrace.posix.Fallbacks;
import io.millrace.posix.OwnedFd;
import io.millrace.posix.LinuxPosix;
import io.millrace.posix.Posix;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One run of the program: its console, its system calls and the signals that stop it. Commands get it by constructor. System
 * calls are bound and signals are caught at the first use, since {@code --help} does without. Any thread.
 */
final class Invocation {
    private static final int SIGNAL_EXIT = 128;
    private static final String DUMB = "dumb";

    private final CalledNames called;
    private final Console console =
            new Console(new PrintStream(new FileOutputStream(FileDescriptor.err), false, StandardCharsets.UTF_8));
    private @Nullable Posix posix;
    private @Nullable StopSignal stop;

    Invocation(CalledNames called) {
        this.called = called;
    }

    /**
     * After a second signal: with the exit code that shells give to the signal's default, which itself would not end the first
     * process of a PID namespace (pid_namespaces(7)).
     */
    static void endAtOnce(int signalNumber) {
        ExitActions.run();
        Runtime.getRuntime().halt(SIGNAL_EXIT + signalNumber);
    }

    /** The commands that the command line calls. */
    CalledNames called() {
        return called;
    }

    /** Standard error. */
    Console console() {
        return console;
    }

    /** The kernel. */
    synchronized Posix posix() {
        if (posix == null) {
            posix = LinuxPosix.create();
            Fallbacks.onUse(console::say);
        }
        return posix;
    }

    /** Whether lines can be drawn over there: a terminal that is not dumb (terminfo(5)). */
    boolean canRedraw(OwnedFd fd) {
        return !DUMB.equals(System.getenv("TERM")) && posix().terminals().isTerminal(fd);
    }

    /** SIGHUP, SIGINT and SIGTERM, from the first call on. */
    synchronized StopSignal stop() {
        if (stop == null) {
            stop = StopSignal.ofProcess(Invocation::endAtOnce);
        }
        return stop;
    }
}
