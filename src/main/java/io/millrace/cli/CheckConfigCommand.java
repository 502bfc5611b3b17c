// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.cli.command.Argument;
import io.millrace.cli.command.CommandBuilder;
import io.millrace.cli.options.ConfigurationInput;
import io.millrace.cli.output.ExitCode;
import io.millrace.cli.output.Invocation;
import io.millrace.daemon.config.PathChecks;
import io.millrace.posix.libc.BytePath;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code millrace check-config}: reports every problem of a configuration file. */
final class CheckConfigCommand implements Callable<Integer> {
    private final Invocation invocation;
    private final Argument<BytePath> path = Argument.parameter("F", BytePath.class, "The configuration file.");

    private CheckConfigCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    static CommandSpec spec(Invocation invocation) {
        var command = new CheckConfigCommand(invocation);
        return new CommandBuilder("check-config", command)
                .description(
                        "Check a configuration file, and report every problem with its line and key.",
                        "A path for which the kernel does not reply within 3s, as on a hanging mount, is only reported: the"
                                + " service would start with it as well. A missing program of a worker is a"
                                + " warning: it may be installed later, and the service may have another PATH.")
                .examples("  millrace check-config /etc/millrace/millrace.yaml")
                .add(command.path)
                .build();
    }

    @Override
    public Integer call() throws IOException {
        BytePath file = path.get();
        var checks = new PathChecks(invocation.posix(), PathChecks.AT_RELOAD);
        var configuration = ConfigurationInput.read(invocation.posix(), file, checks);
        checks.unanswered().forEach(path -> invocation.console().warn("not checked: " + path));
        configuration
                .pools()
                .values()
                .forEach(pool -> checks.exposure(pool.directory())
                        .ifPresent(who -> invocation
                                .console()
                                .warn(file + ": warning: pools." + pool.name() + ".directory: " + who)));
        configuration
                .workers()
                .values()
                .forEach(worker -> checks.program(worker)
                        .ifPresent(why -> invocation
                                .console()
                                .warn(file + ": warning: workers." + worker.name() + ".command: " + why)));
        invocation.console().report(file + ": good, with " + configuration.contents());
        return ExitCode.DONE;
    }
}
