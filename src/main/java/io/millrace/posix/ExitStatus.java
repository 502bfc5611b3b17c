// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

/**
 * The exit status of a process.
 *
 * @param signalled whether a signal killed it
 * @param number the exit code, or the number of the signal
 */
public record ExitStatus(boolean signalled, int number) {
    // Offsets in siginfo_t, and its codes (waitid(2)).
    public static final int SIGINFO_BYTES = 128;
    public static final int SIGINFO_PID = 16;
    public static final int SIGINFO_CODE = 8;
    public static final int SIGINFO_STATUS = 24;
    public static final int CLD_EXITED = 1;

    /** Whether the process exited with code 0. */
    public boolean isSuccess() {
        return !signalled && number == 0;
    }

    /** Returns {@code exit code 3} or {@code killed by signal 9}. */
    public String message() {
        return (signalled ? "killed by signal " : "exit code ") + number;
    }
}
