// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.daemon.PathChecks;
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
        description = {
            "Check a configuration file, and name every problem with its line and key.",
            "A path that does not answer within 3s, as on a mount that hangs, is named and taken as it is:",
            "the service would start with it as well. A program of a worker that is not there is a warning: it may be",
            "installed later, and the service may have another PATH."
        },
        footer = {"", "Example:", "  millrace check-config /etc/millrace/millrace.yaml"})
final class CheckConfigCommand implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @Parameters(paramLabel = "F", description = "The configuration file.")
    private BytePath file;

    @Override
    public Integer call() throws IOException {
        var checks = new PathChecks(main.posix(), PathChecks.AT_RELOAD);
        var configuration = ConfigurationInput.read(main.posix(), file, checks);
        checks.unanswered().forEach(path -> main.console().warn("not checked: " + path));
        configuration
                .pools()
                .values()
                .forEach(pool -> checks.exposure(pool.directory())
                        .ifPresent(who ->
                                main.console().warn(file + ": warning: pools." + pool.name() + ".directory: " + who)));
        configuration
                .workers()
                .values()
                .forEach(worker -> checks.program(worker)
                        .ifPresent(why -> main.console()
                                .warn(file + ": warning: workers." + worker.name() + ".command: " + why)));
        main.console().report(file + ": good, with " + configuration.contents());
        return ExitCode.DONE;
    }
}
