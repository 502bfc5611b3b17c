// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.cli.command.Argument;
import io.millrace.cli.command.CommandBuilder;
import io.millrace.cli.command.Suggestions;
import io.millrace.cli.output.ExitCode;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine;

/** {@code millrace help COMMAND}: prints the same as {@code millrace COMMAND --help}. */
final class HelpCommand implements Callable<Integer> {
    private final Argument<List<String>> names =
            Argument.parameters("0..*", "COMMAND", String.class, "A command, and one of its own commands.");
    private final Supplier<CommandSpec> allCommands;
    private final CommandSpec spec;

    private HelpCommand(Supplier<CommandSpec> allCommands) {
        this.allCommands = allCommands;
        spec = new CommandBuilder("help", this)
                .description("Show the help of a command, as COMMAND --help does.")
                .examples("  millrace help ctl pool claim")
                .add(names)
                .build();
    }

    static CommandSpec spec(Supplier<CommandSpec> allCommands) {
        return new HelpCommand(allCommands).spec;
    }

    @Override
    public Integer call() {
        var shown = new CommandLine(allCommands.get());
        for (String name : names.get()) {
            CommandLine next = shown.getSubcommands().get(name);
            if (next == null) {
                throw new ParameterException(
                        shown,
                        Suggestions.unknownCommand(name, shown.getSubcommands().keySet()));
            }
            shown = next;
        }
        shown.usage(spec.commandLine().getOut());
        return ExitCode.DONE;
    }
}
