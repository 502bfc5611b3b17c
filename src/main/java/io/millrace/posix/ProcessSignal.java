// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

/** Signals that terminate a process, or continue a stopped one so that it can handle them (signal(7)). */
public enum ProcessSignal {
    KILL(9),
    TERMINATE(15),
    CONTINUE(18);

    public final int number;

    ProcessSignal(int number) {
        this.number = number;
    }
}
