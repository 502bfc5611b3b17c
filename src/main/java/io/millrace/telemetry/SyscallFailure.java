// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

/**
 * A way in which a system call failed.
 *
 * @param call {@code openat2}
 * @param errno its name, {@code ENOSPC}
 */
public record SyscallFailure(String call, String errno) {}
