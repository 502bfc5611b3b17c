// SPDX-License-Identifier: Apache-2.0
/**
 * The kernel, typed. The only package that knows JNA: descriptors, errno, system calls and byte paths.
 *
 * <p>One method is one system call, grouped by what it works on ({@link io.millrace.posix.FileCalls}, {@link
 * io.millrace.posix.IoCalls}, {@link io.millrace.posix.SpaceCalls}, {@link io.millrace.posix.PageCalls}, {@link
 * io.millrace.posix.PipeCalls}, {@link io.millrace.posix.TerminalCalls}, {@link io.millrace.posix.ProcessCalls},
 * {@link io.millrace.posix.ChildCalls}, {@link io.millrace.posix.SocketCalls}, {@link io.millrace.posix.InotifyCalls})
 * and bundled in {@link io.millrace.posix.Posix}. EINTR is retried here and nowhere else (close excepted: Linux has
 * closed by then); so are short transfers, where a method says that it transfers all. It decides nothing: no strategy,
 * no fallback, no memory of what a mount can do. Interfaces and
 * values are here, {@link io.millrace.posix.linux.LinuxPosix} calls the kernel, {@code libc} is what every call is made of,
 * and {@code digest} binds libcrypto and libxxhash.
 *
 * <p>Every method may be called from any thread. A call that blocks is not woken by {@link Thread#interrupt()}.
 */
@NullMarked
@CheckReturnValue
package io.millrace.posix;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
