// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.output;

import io.millrace.daemon.log.JournalStream;
import io.millrace.posix.libc.PosixException;
import java.io.PrintStream;

/**
 * Standard error: messages of one line each, and below them one status line (the progress bar), which is erased before
 * a message, and before results on the same terminal, and then redrawn. Any thread.
 */
public final class Console {
    private static final String ERASE_LINE = "\r\033[K";

    /** The prefix of a line of priority err for the journal, which adds the program's name: sd-daemon(3). */
    private static final String ERROR_FOR_JOURNAL = "<3>";

    private final PrintStream err;
    private final boolean forJournal = JournalStream.isStandardError();
    private String status = "";
    private boolean beginsLine = true;
    private volatile boolean quiet;
    private boolean closed;

    Console(PrintStream err) {
        this.err = err;
    }

    /** Prints one line, prefixed with the program's name. */
    public synchronized void say(String message) {
        String line = "millrace: " + message + System.lineSeparator();
        err.print(status.isEmpty() || !beginsLine ? line : ERASE_LINE + line + status);
        err.flush();
    }

    /** Prints like {@link #say} what was done; nothing with {@code -q}. */
    public void report(String message) {
        if (!quiet) {
            say(message);
        }
    }

    /** Prints a warning like {@link #report}: something unexpected happened, but the command continues. */
    public void warn(String message) {
        report(message);
    }

    public void setQuiet() {
        quiet = true;
    }

    /** Prints like {@link #say} the error that ends the program. */
    public synchronized void fail(String message) {
        if (forJournal) {
            err.print(ERROR_FOR_JOURNAL + message + System.lineSeparator());
            err.flush();
        } else {
            say(message);
        }
    }

    /** Redraws the status line; an empty string removes it. Only for terminals. */
    public synchronized void status(String line) {
        if (!closed && !line.equals(status)) {
            status = line;
            if (beginsLine) {
                err.print(ERASE_LINE + line);
                err.flush();
            }
        }
    }

    /** A write of results to the terminal that may show the status line. */
    interface Write {
        void run() throws PosixException;
    }

    /** Erases the status line for the write, and redraws it below if the write ends with a complete line. */
    synchronized void besideStatus(boolean endsLine, Write write) throws PosixException {
        boolean drawn = !status.isEmpty();
        if (drawn && beginsLine) {
            err.print(ERASE_LINE);
            err.flush();
        }
        write.run();
        beginsLine = endsLine;
        if (drawn && beginsLine) {
            err.print(status);
            err.flush();
        }
    }

    /** Removes the status line permanently. */
    public synchronized void close() {
        status("");
        closed = true;
    }

    /** Returns the stream for output with its own format: a stack trace, or a help text. */
    public PrintStream stream() {
        return err;
    }
}
