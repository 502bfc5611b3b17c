// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.ctl;

import io.millrace.cli.command.CommandBuilder;
import io.millrace.cli.command.CommandGroup;
import io.millrace.cli.output.ExitCode;
import io.millrace.cli.output.Invocation;
import io.millrace.telemetry.jmx.client.ControlClient;
import io.millrace.telemetry.jmx.client.UnreachableException;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code millrace ctl}: controls the service. */
public final class CtlCommand extends CommandGroup {
    private final CtlConnection ctl;

    private CtlCommand(Invocation invocation) {
        this.ctl = new CtlConnection(invocation);
    }

    public static CommandSpec spec(Invocation invocation) {
        var command = new CtlCommand(invocation);
        var builder = new CommandBuilder("ctl", command)
                .description("Show the status of the service on this machine, and control it.")
                .examples("  millrace ctl status --watch")
                .add(command.ctl.arguments());
        return command.with(builder.build(), invocation.called());
    }

    @Override
    public List<String> names() {
        return List.of("status", "scan", "pool", "source", "worker", "catalog", "reload", "stop");
    }

    @Override
    public CommandSpec subcommand(String name) {
        return switch (name) {
            case "status" -> CtlStatusCommand.spec(ctl);
            case "scan" -> new CtlScanCommand(ctl).spec();
            case "pool" -> new CtlPoolCommand(ctl).spec();
            case "source" -> new CtlSourceCommand(ctl).spec();
            case "worker" -> new CtlWorkerCommand(ctl).spec();
            case "catalog" -> new CtlCatalogCommand(ctl).spec();
            case "reload" -> reload();
            case "stop" -> stop();
            default -> throw new IllegalArgumentException(name);
        };
    }

    private CommandSpec reload() {
        var order = new CtlAction();
        return new CommandBuilder("reload", () -> reload(order))
                .description(
                        "Make the service reload its configuration: all of it is applied, or nothing.",
                        "Exit code 78 where it cannot be applied; every reason is a line.")
                .examples("  millrace ctl reload")
                .add(order.argument())
                .build();
    }

    private CommandSpec stop() {
        var order = new CtlAction();
        return new CommandBuilder("stop", () -> order.tell(ctl, ControlClient::stop))
                .description("Make the service stop; returns before it has stopped.")
                .examples("  millrace ctl stop")
                .add(order.argument())
                .build();
    }

    private int reload(CtlAction order) throws IOException {
        try (ControlClient client = ctl.connect()) {
            return reload(order, client);
        }
    }

    private int reload(CtlAction order, ControlClient client) throws IOException {
        try {
            String words = CtlConnection.ask(client, asked -> asked.daemon().reload());
            return order.report(ctl, "reloaded: " + words);
        } catch (UnreachableException e) {
            ctl.invocation()
                    .console()
                    .fail(e.getMessage()
                            + "; if the file changes jmx, this ends the connection; the service's log"
                            + " has the result");
            return ExitCode.UNAVAILABLE;
        } catch (IOException e) {
            if (e.getCause() instanceof RuntimeException) { // not an error of the configuration
                throw e;
            }
            String.valueOf(e.getMessage()).lines().forEach(ctl.invocation().console()::say);
            return ExitCode.BAD_CONFIGURATION;
        }
    }
}
