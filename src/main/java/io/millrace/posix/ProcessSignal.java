// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

/** Signals that end a process, or let a stopped one hear that it is to end (signal(7)). */
public enum ProcessSignal {
    KILL(9),
    TERMINATE(15),
    CONTINUE(18);

    public final int number;

    ProcessSignal(int number) {
        this.number = number;
    }
}
