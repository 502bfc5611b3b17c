// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code millrace ctl reload}. */
@Command(
        name = "reload",
        mixinStandardHelpOptions = true,
        description = "Have the service read its configuration again and apply it as a whole, or nothing of it.",
        footer = {"", "Example:", "  millrace ctl reload"})
final class CtlReloadCommand implements Callable<Integer> {
    @ParentCommand
    private CtlCommand ctl;

    @Override
    public Integer call() throws IOException {
        return ctl.tell(client -> "reloaded: " + client.daemon().reload());
    }
}
