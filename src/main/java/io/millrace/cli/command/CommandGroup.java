// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.command;

import io.millrace.cli.output.CalledNames;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine;

/** A command that requires a subcommand. */
public abstract class CommandGroup implements Callable<Integer> {
    private @Nullable CommandSpec spec;

    /** Returns the names of the subcommands, in the order of the help. */
    public abstract List<String> names();

    /** Builds the subcommand of this name, one of {@link #names}. */
    public abstract CommandSpec subcommand(String name);

    /** Adds the subcommands that are called; the others are omitted because building each takes time. */
    public final CommandSpec with(CommandSpec group, CalledNames called) {
        spec = group;
        for (String name : called.among(names())) {
            group.addSubcommand(name, subcommand(name));
        }
        return group;
    }

    @Override
    public final Integer call() {
        throw new MissingCommandException(Objects.requireNonNull(spec).commandLine());
    }

    /** A command was given without its required subcommand, so its usage is shown. */
    public static final class MissingCommandException extends ParameterException {
        private static final long serialVersionUID = 1L;

        MissingCommandException(CommandLine line) {
            super(line, "a command is missing");
        }
    }
}
