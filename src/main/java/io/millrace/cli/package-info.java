// SPDX-License-Identifier: Apache-2.0
/**
 * The command line: it parses, calls the floors below, prints and chooses the exit code.
 *
 * <p>Nothing is decided here that a caller without a terminal would need too, and nothing below knows picocli. Results
 * go to standard output, progress and messages to standard error. Everything runs on the main thread, apart from the
 * progress bar ({@code millrace-progress}, {@code millrace-census}) and what the packages below start and end.
 */
@NullMarked
package io.millrace.cli;

import org.jspecify.annotations.NullMarked;
