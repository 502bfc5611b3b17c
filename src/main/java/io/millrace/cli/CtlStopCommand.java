// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code millrace ctl stop}. */
@Command(
        name = "stop",
        mixinStandardHelpOptions = true,
        description = "Have the service stop; returns before it has.",
        footer = {"", "Example:", "  millrace ctl stop"})
final class CtlStopCommand implements Callable<Integer> {
    @ParentCommand
    private CtlCommand ctl;

    @Override
    public Integer call() throws IOException {
        return ctl.tell(client -> client.daemon().stop());
    }
}
