// SPDX-License-Identifier: Apache-2.0
/**
 * Streams files to one output, for {@code millrace cat}, with splice(2) if the output is a pipe and the file system
 * supports it.
 *
 * <p>Read {@link io.millrace.scan.stream.FileStreamer} first. One thread.
 */
@NullMarked
package io.millrace.scan.stream;

import org.jspecify.annotations.NullMarked;
