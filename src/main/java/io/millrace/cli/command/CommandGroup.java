// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.command;

import io.millrace.cli.output.CalledNames;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** A command that is nothing without one of its subcommands. */
public abstract class CommandGroup implements Callable<Integer> {
    private @Nullable CommandSpec spec;

    /** The subcommands, in the order of the help. */
    public abstract List<String> names();

    /** Makes one of {@link #names}. */
    public abstract CommandSpec subcommand(String name);

    /** Adds the subcommands that are called; each costs time to make. */
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

    /** A command that is nothing without one of its subcommands: its usage is shown. */
    public static final class MissingCommandException extends ParameterException {
        private static final long serialVersionUID = 1L;

        MissingCommandException(CommandLine line) {
            super(line, "a command is missing");
        }
    }
}
