// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

/** The system calls, as one thing to hand to whoever needs them; tests hand out one that fails on purpose. */
public record Posix(
        FileCalls files,
        IoCalls io,
        SpaceCalls space,
        PageCalls pages,
        PipeCalls pipes,
        TerminalCalls terminals,
        ProcessCalls process,
        ChildCalls children,
        SocketCalls sockets,
        InotifyCalls watches) {}
