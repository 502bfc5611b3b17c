// SPDX-License-Identifier: Apache-2.0
/**
 * Typed access to the kernel. The only package that uses JNA: descriptors, errno, system calls and byte paths.
 *
 * <p>One method is one system call, grouped by the object of the call ({@link io.millrace.posix.FileCalls},
 * {@link io.millrace.posix.IoCalls}, {@link io.millrace.posix.SpaceCalls}, {@link io.millrace.posix.PageCalls},
 * {@link io.millrace.posix.PipeCalls}, {@link io.millrace.posix.TerminalCalls},
 * {@link io.millrace.posix.ProcessCalls}, {@link io.millrace.posix.ChildCalls}, {@link io.millrace.posix.SocketCalls},
 * {@link io.millrace.posix.InotifyCalls},
 * {@link io.millrace.posix.IdentityCalls}) and bundled in {@link io.millrace.posix.Posix}. EINTR is retried here and
 * nowhere else (except by close: Linux has closed the descriptor by then); so are short transfers, if a method says
 * that it transfers all. The package decides nothing: it has no strategy, no fallback, and no memory of what a mount
 * supports. Interfaces and values are here, {@link io.millrace.posix.linux.LinuxPosix} calls the kernel, {@code libc}
 * contains what every call needs, and {@code digest} binds libcrypto and libxxhash.
 *
 * <p>Every method may be called from any thread. {@link Thread#interrupt()} does not wake a call that blocks.
 */
@NullMarked
@CheckReturnValue
package io.millrace.posix;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
