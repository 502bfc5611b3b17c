// SPDX-License-Identifier: Apache-2.0
/**
 * Standard output and standard error: results as lines, checksums or JSON, tables, the progress bar and messages.
 *
 * <p>{@link io.millrace.cli.output.Invocation} is one run of the program; {@link io.millrace.cli.output.ResultStream} is where results
 * go, and fails as soon as they cannot be written.
 */
@NullMarked
package io.millrace.cli.output;

import org.jspecify.annotations.NullMarked;
