// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.ctl;

import io.millrace.cli.command.CommandBuilder;
import picocli.CommandLine.Model.CommandSpec;

/** {@code millrace ctl source}. */
final class CtlSourceCommand extends CtlGroup {
    CtlSourceCommand(CtlConnection ctl) {
        super(ctl, "list");
    }

    CommandSpec spec() {
        return spec("source", "Show the sources; scan start SOURCE scans one now.", "  millrace ctl source list");
    }

    @Override
    public CommandSpec subcommand(String name) {
        var listing = new CtlListing();
        return new CommandBuilder(
                        name,
                        () -> listing.print(ctl(), client -> client.daemon().getSources(), CtlFormats.SOURCES))
                .description("Show every source, when it last succeeded and when it is due.")
                .examples("  millrace ctl source list --json")
                .add(listing.argument())
                .build();
    }
}
