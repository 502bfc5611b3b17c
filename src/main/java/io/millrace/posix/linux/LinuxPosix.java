// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.linux;

import io.millrace.posix.Posix;

/** Creates the system call interfaces for Linux. */
public final class LinuxPosix {
    private LinuxPosix() {}

    /** Returns the calls of the running kernel. Stateless; any number of threads. */
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
                new LinuxInotifyCalls(),
                new LinuxIdentityCalls());
    }
}
