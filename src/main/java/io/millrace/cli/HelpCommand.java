// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace help COMMAND}: the same as {@code millrace COMMAND --help}. */
@Command(
        name = "help",
        mixinStandardHelpOptions = true,
        description = "Show the help of a command, as COMMAND --help does.",
        footer = {"", "Example:", "  millrace help ctl pool claim"})
final class HelpCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "COMMAND", description = "A command, and one of its own commands.", arity = "0..*")
    private List<String> names = List.of();

    @Override
    public void run() {
        CommandLine shown = spec.root().commandLine();
        for (String name : names) {
            CommandLine next = shown.getSubcommands().get(name);
            if (next == null) {
                throw new ParameterException(
                        shown, Main.unknownCommand(name, shown.getSubcommands().keySet()));
            }
            shown = next;
        }
        shown.usage(shown.getOut());
    }
}
