// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import io.millrace.posix.libc.BytePath;

/**
 * What is sent to a worker about a file before its bytes.
 *
 * @param path absolute path
 * @param bytes number of bytes that will follow, unless the file is abandoned
 * @param scan name of the scan
 */
public record FileHeader(BytePath path, long bytes, String scan) {}
