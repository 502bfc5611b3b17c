// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.output;

/**
 * The exit codes of the process; {@link io.millrace.lifecycle.CancellationToken} supplies 130 and 143 after a signal.
 */
public final class ExitCode {
    public static final int DONE = 0;
    /** The command is complete, but some files failed or did not match. */
    public static final int SOME_FAILED = 1;

    public static final int WRONG_USAGE = 2;
    /**
     * The service cannot be reached, or cannot start now: a port is in use, or another service uses the same state
     * directory.
     */
    public static final int UNAVAILABLE = 69;

    public static final int BAD_CONFIGURATION = 78;
    /** The reader of standard output closed it: 128 + SIGPIPE, as a shell reports it for other programs. */
    public static final int OUTPUT_CLOSED = 141;

    private ExitCode() {}
}
