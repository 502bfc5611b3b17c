// SPDX-License-Identifier: Apache-2.0
/**
 * Streams files to one output, for {@code millrace cat}: pages go into a pipe by splice(2) where that works.
 *
 * <p>Open {@link io.millrace.scan.stream.FileStreamer} first. One thread.
 */
@NullMarked
package io.millrace.scan.stream;

import org.jspecify.annotations.NullMarked;
