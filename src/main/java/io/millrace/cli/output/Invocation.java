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
 * One run of the program: its console, its system calls and the signals that stop it. Commands get it through their
 * constructors. System calls are bound and signal handlers installed at the first use, because {@code --help} needs
 * neither. Any thread.
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
     * Ends the process after a second signal, with the exit code that shells report for the signal's default action.
     * The default action itself would not end the first process of a PID namespace (pid_namespaces(7)).
     */
    public static void endAtOnce(int signalNumber) {
        ExitActions.run();
        Runtime.getRuntime().halt(SIGNAL_EXIT + signalNumber);
    }

    /** Returns the commands that the command line calls. */
    public CalledNames called() {
        return called;
    }

    /** Returns standard error. */
    public Console console() {
        return console;
    }

    /** Returns the system calls. */
    public synchronized Posix posix() {
        if (posix == null) {
            posix = LinuxPosix.create();
            Fallbacks.onUse(console::say);
        }
        return posix;
    }

    /** Returns whether lines can be redrawn there: it is a terminal that is not dumb (terminfo(5)). */
    public boolean canRedraw(OwnedFd fd) {
        return !DUMB.equals(System.getenv("TERM")) && posix().terminals().isTerminal(fd);
    }

    /** Returns the token that SIGHUP, SIGINT and SIGTERM cancel from the first call on. */
    public synchronized CancellationToken stop() {
        if (stop == null) {
            stop = CancellationToken.ofProcess(Invocation::endAtOnce);
        }
        return stop;
    }
}
