// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.output;

import io.millrace.daemon.log.JournalStream;
import io.millrace.posix.libc.PosixException;
import java.io.PrintStream;

/**
 * Standard error, where people read: messages a line each, and below them one status line (the progress bar) that is
 * taken away before a message, and before results on the same terminal, and drawn again after it. Any thread.
 */
public final class Console {
    private static final String ERASE_LINE = "\r\033[K";

    /** How a line of priority err begins for the journal, which knows the program's name: sd-daemon(3). */
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

    /** One line, prefixed with the program's name. */
    public synchronized void say(String message) {
        String line = "millrace: " + message + System.lineSeparator();
        err.print(status.isEmpty() || !beginsLine ? line : ERASE_LINE + line + status);
        err.flush();
    }

    /** As {@link #say}, of what was done: nobody hears it who wants to hear of errors only. */
    public void report(String message) {
        if (!quiet) {
            say(message);
        }
    }

    /** As {@link #report}, of what went otherwise than expected, and yet on: a warning is no error. */
    public void warn(String message) {
        report(message);
    }

    public void setQuiet() {
        quiet = true;
    }

    /** As {@link #say}, of what ends the program. */
    public synchronized void fail(String message) {
        if (forJournal) {
            err.print(ERROR_FOR_JOURNAL + message + System.lineSeparator());
            err.flush();
        } else {
            say(message);
        }
    }

    /** Draws the status line anew; the empty string removes it. Only for terminals. */
    public synchronized void status(String line) {
        if (!closed && !line.equals(status)) {
            status = line;
            if (beginsLine) {
                err.print(ERASE_LINE + line);
                err.flush();
            }
        }
    }

    /** A write of results to the terminal on which the status line is, or may be. */
    interface Write {
        void run() throws PosixException;
    }

    /** Takes the status line away for the write, and draws it again below where that ends in a whole line. */
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

    /** Removes the status line for good. */
    public synchronized void close() {
        status("");
        closed = true;
    }

    /** For what has its own form: a stack trace, a help text. */
    public PrintStream stream() {
        return err;
    }
}
