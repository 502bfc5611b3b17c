// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.linux;

import io.millrace.posix.Posix;

/** The system calls of Linux. */
public final class LinuxPosix {
    private LinuxPosix() {}

    /** The calls of the running kernel. Stateless, for any number of threads. */
    public static Posix create() {
        return new Posix(
                new LinuxFileCalls(),
                new LinuxIoCalls(),
                new LinuxSpaceCalls(),
                new LinuxPageCalls(),
                new LinuxPipeCalls(),
                new LinuxTerminalCalls(),
                new LinuxProcessCalls(),
                new LinuxChildCalls(),
                new LinuxSocketCalls(),
                new LinuxInotifyCalls());
    }
}
