// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The root command and the process's entry. */
@Command(
        name = "millrace",
        description = "Reserves big files, reads them once for every consumer, and leaves the page cache as it was.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {"", "Example:", "  millrace --version"})
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    /** Runs one command; the exit code is 2 where the command line itself was wrong. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing; see millrace --help");
    }
}
