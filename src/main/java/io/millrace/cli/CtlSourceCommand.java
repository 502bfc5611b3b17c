// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code millrace ctl source}. */
@Command(
        name = "source",
        mixinStandardHelpOptions = true,
        description = "Show the sources; scan start SOURCE scans one now.",
        footer = {"", "Example:", "  millrace ctl source list"})
final class CtlSourceCommand implements Runnable {
    @ParentCommand
    private CtlCommand ctl;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Show every source, when it was last good and when it is due.",
            footer = {"", "Example:", "  millrace ctl source list --json"})
    int list(@Mixin CtlListing listing) throws IOException {
        return listing.print(ctl, client -> client.daemon().getSources(), CtlForms.SOURCES);
    }
}
