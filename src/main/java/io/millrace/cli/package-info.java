// SPDX-License-Identifier: Apache-2.0
/**
 * The command line: it parses arguments, calls the packages below, prints results and chooses the exit code.
 *
 * <p>Open {@link io.millrace.cli.Main} first. Decisions that a caller without a terminal would need too are made below
 * this package, and nothing below uses picocli. Results go to standard output, progress and messages to standard error.
 * Everything runs on the main thread, except the progress bar ({@code millrace-progress}, {@code millrace-sizeCounter}),
 * calls that may hang ({@code millrace-scan}, {@code millrace-start}), and the threads of the packages below, which end
 * them.
 */
@NullMarked
package io.millrace.cli;

import org.jspecify.annotations.NullMarked;
