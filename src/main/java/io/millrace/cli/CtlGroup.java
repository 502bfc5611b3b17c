// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A word of {@code millrace ctl} that means nothing without another one behind it. */
@Command(mixinStandardHelpOptions = true)
abstract class CtlGroup implements Runnable {
    @ParentCommand
    private CtlCommand ctl;

    @Spec
    private CommandSpec spec;

    final CtlCommand ctl() {
        return ctl;
    }

    final ParameterException wrongUsage(String command, String why) {
        return new ParameterException(spec.subcommands().get(command), why);
    }

    @Override
    public void run() {
        throw new Main.MissingCommandException(spec.commandLine());
    }
}
