// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.ctl;

import io.millrace.cli.command.Argument;
import io.millrace.cli.command.CommandBuilder;
import picocli.CommandLine.Model.CommandSpec;

/** {@code millrace ctl worker}. */
final class CtlWorkerCommand extends CtlGroup {
    CtlWorkerCommand(CtlConnection ctl) {
        super(ctl, "list", "restart");
    }

    CommandSpec spec() {
        return spec("worker", "Show the workers, and restart their processes.", "  millrace ctl worker restart index");
    }

    @Override
    public CommandSpec subcommand(String name) {
        return name.equals("list") ? list() : restart();
    }

    private CommandSpec list() {
        var listing = new CtlListing();
        return new CommandBuilder(
                        "list",
                        () -> listing.print(ctl(), client -> client.daemon().getWorkers(), CtlFormats.WORKERS))
                .description("Show every worker.")
                .examples("  millrace ctl worker list --json")
                .add(listing.argument())
                .build();
    }

    private CommandSpec restart() {
        var worker = Argument.parameter("WORKER", String.class, "The worker's name.");
        var order = new CtlAction();
        return new CommandBuilder(
                        "restart",
                        () -> order.tell(ctl(), client -> client.daemon().restartWorker(worker.get())))
                .description("Restart a worker's processes, each after its current file; ends a quarantine.")
                .examples("  millrace ctl worker restart index")
                .add(worker, order.argument())
                .build();
    }
}
