// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.ctl;

import io.millrace.cli.command.CommandBuilder;
import io.millrace.cli.command.CommandGroup;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** A group of commands of {@code millrace ctl}, which requires a subcommand. */
abstract class CtlGroup extends CommandGroup {
    private final CtlConnection ctl;
    private final List<String> names;

    /** @param names of the subcommands, in the order of the help */
    CtlGroup(CtlConnection ctl, String... names) {
        this.ctl = ctl;
        this.names = List.of(names);
    }

    @Override
    public final List<String> names() {
        return names;
    }

    final CtlConnection ctl() {
        return ctl;
    }

    final CommandSpec spec(String name, String description, String example) {
        var builder = new CommandBuilder(name, this).description(description).examples(example);
        return with(builder.build(), ctl.invocation().called());
    }
}
