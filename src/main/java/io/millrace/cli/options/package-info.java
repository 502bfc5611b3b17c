// SPDX-License-Identifier: Apache-2.0
/**
 * Groups of options that several commands share, and what becomes of them.
 *
 * <p>Each group adds its arguments to a command and answers with values of the floors below.
 */
@NullMarked
package io.millrace.cli.options;

import org.jspecify.annotations.NullMarked;
