// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

/** What the process ends with; 130 and 143 after a signal come from {@link io.millrace.lifecycle.StopSignal}. */
final class ExitCode {
    static final int DONE = 0;
    /** Done, but some files failed or did not match. */
    static final int SOME_FAILED = 1;

    static final int WRONG_USAGE = 2;
    /** The service cannot be reached. */
    static final int UNREACHABLE = 69;

    static final int BAD_CONFIGURATION = 78;
    /** Standard output was closed by its reader: 128 + SIGPIPE, as a shell shows it for other programs. */
    static final int OUTPUT_CLOSED = 141;

    private ExitCode() {}
}
