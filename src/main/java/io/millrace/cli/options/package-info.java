// SPDX-License-Identifier: Apache-2.0
/**
 * Groups of options that several commands share, and the objects made from them.
 *
 * <p>Each group adds its arguments to a command and returns values of the packages below. Main thread only, unless a
 * type says otherwise.
 */
@NullMarked
package io.millrace.cli.options;

import org.jspecify.annotations.NullMarked;
