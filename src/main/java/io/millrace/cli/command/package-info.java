// SPDX-License-Identifier: Apache-2.0
/**
 * Commands and arguments in picocli's programmatic model, without reflection.
 *
 * <p>{@link io.millrace.cli.command.CommandBuilder} makes a command, {@link io.millrace.cli.command.Argument} one option or
 * parameter with its parser.
 */
@NullMarked
package io.millrace.cli.command;

import org.jspecify.annotations.NullMarked;
