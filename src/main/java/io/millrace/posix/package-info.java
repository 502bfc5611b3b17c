// SPDX-License-Identifier: Apache-2.0
/**
 * The kernel, typed. The only package that knows JNA: descriptors, errno, system calls and byte paths.
 *
 * <p>One method is one system call, grouped by what it works on ({@link io.millrace.posix.FileCalls}, {@link
 * io.millrace.posix.IoCalls}, {@link io.millrace.posix.SpaceCalls}, {@link io.millrace.posix.PageCalls}, {@link
 * io.millrace.posix.PipeCalls}, {@link io.millrace.posix.TerminalCalls}, {@link io.millrace.posix.ProcessCalls},
 * {@link io.millrace.posix.ChildCalls}, {@link io.millrace.posix.SocketCalls}, {@link io.millrace.posix.WatchCalls})
 * and bundled in {@link io.millrace.posix.Posix}. EINTR is retried here and nowhere else (close excepted: Linux has
 * closed by then); so are short transfers, where a method says that it transfers all. It decides nothing: no strategy,
 * no fallback, no memory of what a mount can do. Two classes above the calls stand apart, because what they promise is
 * made of the order of calls and of nothing else: {@link io.millrace.posix.Roots} opens what requests name, and {@link
 * io.millrace.posix.StateFile} replaces small files.
 *
 * <p>{@link io.millrace.posix.DigestLibraries} is about libraries of the system beside the C library, libcrypto and libxxhash,
 * which may be missing.
 *
 * <p>Every method may be called from any thread. A call that blocks is not woken by {@link Thread#interrupt()}.
 */
@NullMarked
@CheckReturnValue
package io.millrace.posix;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
