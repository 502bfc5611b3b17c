// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** {@code millrace help COMMAND}: the same as {@code millrace COMMAND --help}. */
final class HelpCommand implements Callable<Integer> {
    private final Argument<List<String>> names =
            Argument.parameters("0..*", "COMMAND", String.class, "A command, and one of its own commands.");
    private final CommandSpec spec;

    private HelpCommand() {
        spec = new CommandBuilder("help", this)
                .description("Show the help of a command, as COMMAND --help does.")
                .examples("  millrace help ctl pool claim")
                .add(names)
                .build();
    }

    static CommandSpec spec() {
        return new HelpCommand().spec;
    }

    @Override
    public Integer call() {
        var shown = new CommandLine(Main.allCommands());
        for (String name : names.get()) {
            CommandLine next = shown.getSubcommands().get(name);
            if (next == null) {
                throw new ParameterException(
                        shown, Main.unknownCommand(name, shown.getSubcommands().keySet()));
            }
            shown = next;
        }
        shown.usage(spec.commandLine().getOut());
        return ExitCode.DONE;
    }
}
