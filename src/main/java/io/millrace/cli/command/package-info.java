// SPDX-License-Identifier: Apache-2.0
/**
 * Commands and arguments in picocli's programmatic model, without reflection.
 *
 * <p>Open {@link io.millrace.cli.command.CommandBuilder} first, which builds a command;
 * {@link io.millrace.cli.command.Argument} defines one option or parameter with its parser. Main thread only.
 */
@NullMarked
package io.millrace.cli.command;

import org.jspecify.annotations.NullMarked;
