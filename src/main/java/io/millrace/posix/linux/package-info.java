// SPDX-License-Identifier: Apache-2.0
/**
 * The system calls of Linux behind the interfaces of {@code posix}, one class per interface.
 *
 * <p>Open {@link io.millrace.posix.linux.LinuxPosix} first, which creates them. Stateless; any thread.
 */
@NullMarked
@CheckReturnValue
package io.millrace.posix.linux;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
