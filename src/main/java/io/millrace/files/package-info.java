// SPDX-License-Identifier: Apache-2.0
/**
 * File abstractions on top of the system calls: roots that confine requests, state files that survive a crash, locks,
 * trusted paths, pipe writers and wake-up pipes.
 *
 * <p>Open {@link io.millrace.files.Roots} or {@link io.millrace.files.StateFile} first. Each type says who closes it.
 */
@NullMarked
@CheckReturnValue
package io.millrace.files;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
