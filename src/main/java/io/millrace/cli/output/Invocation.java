// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.output;

import io.millrace.lifecycle.CancellationToken;
import io.millrace.lifecycle.ExitActions;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.Fallbacks;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.linux.LinuxPosix;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One run of the program: its console, its system calls and the signals that stop it. Commands get it by constructor. System
 * calls are bound and signals are caught at the first use, since {@code --help} does without. Any thread.
 */
public final class Invocation {
    private static final int SIGNAL_EXIT = 128;
    private static final String DUMB = "dumb";

    private final CalledNames called;
    private final Console console =
            new Console(new PrintStream(new FileOutputStream(FileDescriptor.err), false, StandardCharsets.UTF_8));
    private @Nullable Posix posix;
    private @Nullable CancellationToken stop;

    public Invocation(CalledNames called) {
        this.called = called;
    }

    /**
     * After a second signal: with the exit code that shells give to the signal's default, which itself would not end the first
     * process of a PID namespace (pid_namespaces(7)).
     */
    public static void endAtOnce(int signalNumber) {
        ExitActions.run();
        Runtime.getRuntime().halt(SIGNAL_EXIT + signalNumber);
    }

    /** The commands that the command line calls. */
    public CalledNames called() {
        return called;
    }

    /** Standard error. */
    public Console console() {
        return console;
    }

    /** The kernel. */
    public synchronized Posix posix() {
        if (posix == null) {
            posix = LinuxPosix.create();
            Fallbacks.onUse(console::say);
        }
        return posix;
    }

    /** Whether lines can be drawn over there: a terminal that is not dumb (terminfo(5)). */
    public boolean canRedraw(OwnedFd fd) {
        return !DUMB.equals(System.getenv("TERM")) && posix().terminals().isTerminal(fd);
    }

    /** SIGHUP, SIGINT and SIGTERM, from the first call on. */
    public synchronized CancellationToken stop() {
        if (stop == null) {
            stop = CancellationToken.ofProcess(Invocation::endAtOnce);
        }
        return stop;
    }
}
