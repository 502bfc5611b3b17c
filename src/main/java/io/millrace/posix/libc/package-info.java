// SPDX-License-Identifier: Apache-2.0
/**
 * The foundation of every system call: the C library's functions, error numbers and their two conventions, owned
 * descriptors, native buffers, byte paths and byte ranges.
 *
 * <p>{@link io.millrace.posix.libc.LibC} is for {@code posix} alone; the other types are used everywhere. Open
 * {@link io.millrace.posix.libc.Check} first.
 */
@NullMarked
@CheckReturnValue
package io.millrace.posix.libc;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
