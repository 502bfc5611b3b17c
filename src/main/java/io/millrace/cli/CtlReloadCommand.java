// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.telemetry.UnreachableException;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code millrace ctl reload}. */
@Command(
        name = "reload",
        mixinStandardHelpOptions = true,
        description = {
            "Have the service read its configuration again and apply it as a whole, or nothing of it.",
            "Exit code 78 where it cannot be applied; every reason is a line."
        },
        footer = {"", "Example:", "  millrace ctl reload"})
final class CtlReloadCommand implements Callable<Integer> {
    @ParentCommand
    private CtlCommand ctl;

    @Override
    public Integer call() throws IOException {
        try {
            return ctl.tell(client -> "reloaded: " + client.daemon().reload());
        } catch (UnreachableException e) {
            throw e;
        } catch (IOException e) {
            if (e.getCause() instanceof RuntimeException) { // not of the configuration
                throw e;
            }
            String.valueOf(e.getMessage()).lines().forEach(ctl.main().console()::say);
            return ExitCode.BAD_CONFIGURATION;
        }
    }
}
