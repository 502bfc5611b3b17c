// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

/**
 * All system call interfaces in one value, passed to every user; tests pass one that fails on purpose. Stateless; any
 * thread.
 */
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
        InotifyCalls watches,
        IdentityCalls identities) {}
