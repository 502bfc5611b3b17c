// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code millrace ctl worker}. */
@Command(
        name = "worker",
        description = "Show the workers, and replace their processes.",
        footer = {"", "Example:", "  millrace ctl worker restart index"})
final class CtlWorkerCommand extends CtlGroup {
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Show every worker.",
            footer = {"", "Example:", "  millrace ctl worker list --json"})
    int list(@Mixin CtlListing listing) throws IOException {
        return listing.print(ctl(), client -> client.daemon().getWorkers(), CtlForms.WORKERS);
    }

    @Command(
            name = "restart",
            mixinStandardHelpOptions = true,
            description = "Replace a worker's processes, each after the file that it has; ends a quarantine.",
            footer = {"", "Example:", "  millrace ctl worker restart index"})
    int restart(
            @Parameters(paramLabel = "WORKER", description = "The worker's name.") String worker, @Mixin CtlOrder order)
            throws IOException {
        return order.tell(ctl(), client -> client.daemon().restartWorker(worker));
    }
}
