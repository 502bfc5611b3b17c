// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** The root with every command, for its help, its man pages and the shell's completion. */
@Command(
        subcommands = {
            ServeCommand.class,
            AllocateCommand.class,
            CheckConfigCommand.class,
            ScanCommand.class,
            CatCommand.class,
            VerifyCommand.class,
            CacheCommand.class,
            ProbeCommand.class,
            CtlCommand.class,
            HelpCommand.class
        })
public final class AllCommands extends Main {
    /** The class of the command that a user calls by this name; null also for help, which needs all the others. */
    static @Nullable Class<?> named(String name) {
        for (Class<?> command : AllCommands.class.getAnnotation(Command.class).subcommands()) {
            if (command != HelpCommand.class
                    && command.getAnnotation(Command.class).name().equals(name)) {
                return command;
            }
        }
        return null;
    }
}
