// SPDX-License-Identifier: Apache-2.0
/**
 * Standard output and standard error: results as lines, checksums or JSON, tables, the progress bar and messages.
 *
 * <p>Open {@link io.millrace.cli.output.Invocation} first, which is one run of the program;
 * {@link io.millrace.cli.output.ResultStream} writes results, and fails as soon as they cannot be written. Main thread
 * only, unless a type says otherwise.
 */
@NullMarked
package io.millrace.cli.output;

import org.jspecify.annotations.NullMarked;
