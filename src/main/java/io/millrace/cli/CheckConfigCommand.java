// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.posix.BytePath;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code millrace check-config}: says what is wrong with a configuration file, all of it. */
@Command(
        name = "check-config",
        mixinStandardHelpOptions = true,
        description = "Check a configuration file, and name every problem with its line and key.",
        footer = {"", "Example:", "  millrace check-config /etc/millrace/millrace.yaml"})
final class CheckConfigCommand implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @Parameters(paramLabel = "F", description = "The configuration file.")
    private BytePath file;

    @Override
    public Integer call() throws IOException {
        int workers = ConfigurationInput.read(main.posix(), file).workers().size();
        main.console().say(file + ": good, with " + workers + (workers == 1 ? " worker" : " workers"));
        return ExitCode.DONE;
    }
}
