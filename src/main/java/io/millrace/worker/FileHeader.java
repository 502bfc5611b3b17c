// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import io.millrace.posix.libc.BytePath;

/**
 * What a worker is told of a file before its bytes.
 *
 * @param path absolute
 * @param bytes what will be delivered, or the file is abandoned
 * @param scan names the pass over the files
 */
public record FileHeader(BytePath path, long bytes, String scan) {}
