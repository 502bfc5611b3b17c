// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import java.util.Optional;

/**
 * A child that has not been reaped.
 *
 * @param pid its process id, which is its process group's too; for messages
 * @param pidfd readable once it has ended (pidfd_open(2)); the caller's to close. Empty where the kernel has none to give:
 *     then only {@link ChildCalls#hasExited} tells
 */
public record ChildProcess(int pid, Optional<OwnedFd> pidfd) {}
