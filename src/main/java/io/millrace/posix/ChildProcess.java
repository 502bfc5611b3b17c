// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

/**
 * A child that has not been reaped.
 *
 * @param pid its process id, which is its process group's too; for messages
 * @param pidfd readable once it has ended (pidfd_open(2)); the caller's to close
 */
public record ChildProcess(int pid, OwnedFd pidfd) {}
