// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code millrace cache}: looks into the page cache and asks the kernel to change it. */
@Command(
        name = "cache",
        mixinStandardHelpOptions = true,
        description = "Show what of files is in the page cache, fill it, empty it, give advice.",
        subcommands = {
            CacheStatusCommand.class,
            CacheWarmCommand.class,
            CacheEvictCommand.class,
            CacheAdviseCommand.class
        },
        footer = {"", "Example:", "  millrace cache status /srv/db"})
final class CacheCommand implements Runnable {
    @ParentCommand
    private Main main;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new Main.MissingCommandException(spec.commandLine());
    }

    Main main() {
        return main;
    }
}
