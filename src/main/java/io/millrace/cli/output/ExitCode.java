// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.output;

/** What the process ends with; 130 and 143 after a signal come from {@link io.millrace.lifecycle.CancellationToken}. */
public final class ExitCode {
    public static final int DONE = 0;
    /** Done, but some files failed or did not match. */
    public static final int SOME_FAILED = 1;

    public static final int WRONG_USAGE = 2;
    /** The service cannot be reached, or cannot start now: a port is taken, another one runs on the same state. */
    public static final int UNAVAILABLE = 69;

    public static final int BAD_CONFIGURATION = 78;
    /** Standard output was closed by its reader: 128 + SIGPIPE, as a shell shows it for other programs. */
    public static final int OUTPUT_CLOSED = 141;

    private ExitCode() {}
}
