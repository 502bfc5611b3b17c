// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Builds a command in picocli's programmatic model, with the options common to all commands. */
public final class CommandBuilder {
    private final List<Argument<?>> arguments = new ArrayList<>();
    private final CommandSpec spec;

    /** @param action returns the exit code */
    public CommandBuilder(String name, Callable<Integer> action) {
        this.spec = CommandSpec.wrapWithoutInspection(new Command(action, arguments))
                .name(name)
                .versionProvider(new Version())
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this help message and exit.")
                        .build())
                .addOption(OptionSpec.builder("-V", "--version")
                        .versionHelp(true)
                        .description("Print version information and exit.")
                        .build());
    }

    /** The object that is called after the command line was parsed. */
    public record Command(Callable<Integer> action, List<Argument<?>> arguments) {
        /** Parses the values, so that an invalid one is refused before the command does anything. */
        public void read() {
            arguments.forEach(Argument::read);
        }
    }

    /** The first line is also shown in the list of commands. */
    public CommandBuilder description(String... lines) {
        spec.usageMessage().description(lines);
        return this;
    }

    /** Example command lines. */
    public CommandBuilder examples(String... lines) {
        String[] footer = new String[lines.length + 2];
        footer[0] = "";
        footer[1] = lines.length == 1 ? "Example:" : "Examples:";
        System.arraycopy(lines, 0, footer, 2, lines.length);
        spec.usageMessage().footer(footer);
        return this;
    }

    /** The exit codes, each followed by its meaning. */
    public CommandBuilder exitCodes(String... codesAndMeanings) {
        Map<String, String> meanings = new LinkedHashMap<>();
        for (int i = 0; i < codesAndMeanings.length; i += 2) {
            meanings.put(codesAndMeanings[i], codesAndMeanings[i + 1]);
        }
        spec.usageMessage().exitCodeListHeading("%nExit codes:%n").exitCodeList(meanings);
        return this;
    }

    public CommandBuilder add(Argument<?>... more) {
        for (Argument<?> argument : more) {
            argument.addTo(spec);
            arguments.add(argument);
        }
        return this;
    }

    public CommandSpec build() {
        return spec;
    }
}
