// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.ctl;

import io.millrace.cli.command.Argument;
import io.millrace.cli.command.CommandBuilder;
import io.millrace.cli.command.CommandGroup;
import io.millrace.cli.options.ConfigurationInput;
import io.millrace.cli.output.ExitCode;
import io.millrace.cli.output.Invocation;
import io.millrace.cli.output.ResultStream;
import io.millrace.daemon.config.ConfigurationFile;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.PosixException;
import io.millrace.telemetry.jmx.client.ControlClient;
import io.millrace.telemetry.jmx.client.ServiceFinder;
import io.millrace.telemetry.jmx.client.UnreachableException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code millrace ctl}: talks to the service. */
public final class CtlCommand extends CommandGroup {
    private final Invocation invocation;

    private final Argument<BytePath> credential = Argument.option(
                    "--credential",
                    "FILE",
                    BytePath.class,
                    "The service's credential; default: jmx.credential in its runtime directory.")
            .inherited();

    private final Argument<BytePath> configuration = Argument.option(
                    "--config",
                    "F",
                    BytePath.class,
                    "The service's configuration, of which only runtime-directory is read; default as for serve.")
            .inherited();

    private final Argument<Duration> timeout = Argument.option(
                    "--timeout",
                    "DURATION",
                    Duration.class,
                    "Give up on a service that has not answered after so long; default: 10s.")
            .or(Duration.ofSeconds(10))
            .inherited();

    private CtlCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    public static CommandSpec spec(Invocation invocation) {
        var command = new CtlCommand(invocation);
        var builder = new CommandBuilder("ctl", command)
                .description("Talk to the service of this machine: see how it is, and steer it.")
                .examples("  millrace ctl status --watch")
                .add(command.credential, command.configuration, command.timeout);
        return command.with(builder.build(), invocation.called());
    }

    @Override
    public List<String> names() {
        return List.of("status", "scan", "pool", "source", "worker", "reload", "stop");
    }

    @Override
    public CommandSpec subcommand(String name) {
        return switch (name) {
            case "status" -> CtlStatusCommand.spec(this);
            case "scan" -> new CtlScanCommand(this).spec();
            case "pool" -> new CtlPoolCommand(this).spec();
            case "source" -> new CtlSourceCommand(this).spec();
            case "worker" -> new CtlWorkerCommand(this).spec();
            case "reload" -> reload();
            case "stop" -> stop();
            default -> throw new IllegalArgumentException(name);
        };
    }

    private CommandSpec reload() {
        var order = new CtlAction();
        return new CommandBuilder("reload", () -> reload(order))
                .description(
                        "Have the service read its configuration again and apply it as a whole, or nothing of it.",
                        "Exit code 78 where it cannot be applied; every reason is a line.")
                .examples("  millrace ctl reload")
                .add(order.argument())
                .build();
    }

    private CommandSpec stop() {
        var order = new CtlAction();
        return new CommandBuilder("stop", () -> order.tell(this, ControlClient::stop))
                .description("Have the service stop; returns before it has.")
                .examples("  millrace ctl stop")
                .add(order.argument())
                .build();
    }

    private int reload(CtlAction order) throws IOException {
        try (ControlClient client = connect()) {
            return reload(order, client);
        }
    }

    private int reload(CtlAction order, ControlClient client) throws IOException {
        try {
            String words = ask(client, asked -> asked.daemon().reload());
            return order.said(this, "reloaded: " + words);
        } catch (UnreachableException e) {
            invocation
                    .console()
                    .fail(e.getMessage()
                            + "; where the file changes jmx, that ends the connection, and the service's log"
                            + " tells what came of it");
            return ExitCode.UNAVAILABLE;
        } catch (IOException e) {
            if (e.getCause() instanceof RuntimeException) { // not of the configuration
                throw e;
            }
            String.valueOf(e.getMessage()).lines().forEach(invocation.console()::say);
            return ExitCode.BAD_CONFIGURATION;
        }
    }

    /** Asks a question and returns its answer; an {@link IOException} of one line where the service says no. */
    <R> R ask(ControlClient.Question<R> question) throws IOException {
        try (ControlClient client = connect()) {
            return ask(client, question);
        }
    }

    static <R> R ask(ControlClient client, ControlClient.Question<R> question) throws IOException {
        try {
            return client.ask(question);
        } catch (IllegalArgumentException | IllegalStateException | SecurityException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** The opener closes it. */
    ControlClient connect() throws IOException {
        ControlClient.beWary(timeout.get());
        return ControlClient.connect(invocation.posix(), credential.isGiven() ? credential.get() : findCredential());
    }

    /** Where the file that was named says; else where the default one says, and where the package puts it. */
    private BytePath findCredential() throws IOException {
        List<ServiceFinder.Place> places = new ArrayList<>();
        if (configuration.isGiven()) {
            places.add(place(configuration.get()));
        } else {
            try {
                places.add(place(ConfigurationFile.defaultPath()));
            } catch (ConfigurationInput.Unreadable e) { // it may be for the service's eyes only
                places.add(new ServiceFinder.Place(
                        ConfigurationFile.defaultRuntimeDirectory(), "the default, as " + e.getMessage()));
            }
            if (!places.get(0).runtimeDirectory().equals(ConfigurationFile.defaultRuntimeDirectory())) {
                places.add(new ServiceFinder.Place(ConfigurationFile.defaultRuntimeDirectory(), "the default"));
            }
        }
        return ServiceFinder.find(invocation.posix(), places);
    }

    private ServiceFinder.Place place(BytePath file) throws IOException {
        try {
            return ConfigurationFile.readRuntimeDirectory(invocation.posix(), file)
                    .map(directory -> new ServiceFinder.Place(directory, file.display()))
                    .orElseGet(() -> new ServiceFinder.Place(
                            ConfigurationFile.defaultRuntimeDirectory(),
                            "the default, as " + file + " names no runtime-directory"));
        } catch (PosixException e) {
            throw new ConfigurationInput.Unreadable(e);
        }
    }

    /** Standard output; the opener closes it. */
    ResultStream results() throws IOException {
        return new ResultStream(invocation);
    }

    Invocation invocation() {
        return invocation;
    }
}
