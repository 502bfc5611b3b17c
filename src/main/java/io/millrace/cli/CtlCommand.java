// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.daemon.ConfigurationFile;
import io.millrace.posix.BytePath;
import io.millrace.posix.PosixException;
import io.millrace.telemetry.ControlClient;
import io.millrace.telemetry.ServiceFinder;
import io.millrace.telemetry.UnreachableException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code millrace ctl}: talks to the service. */
@Command(
        name = "ctl",
        mixinStandardHelpOptions = true,
        description = "Talk to the service of this machine: see how it is, and steer it.",
        subcommands = {
            CtlStatusCommand.class,
            CtlScanCommand.class,
            CtlPoolCommand.class,
            CtlSourceCommand.class,
            CtlWorkerCommand.class
        },
        footer = {"", "Example:", "  millrace ctl status --watch"})
final class CtlCommand implements Runnable {

    @ParentCommand
    private Main main;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--credential",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "The service's credential; default: jmx.credential in its runtime directory.")
    private @Nullable BytePath credential;

    @Option(
            names = "--config",
            paramLabel = "F",
            scope = ScopeType.INHERIT,
            description = "The service's configuration, of which only runtime-directory is read; default as for serve.")
    private @Nullable BytePath configuration;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            scope = ScopeType.INHERIT,
            description = "Give up on a service that has not answered after so long; default: ${DEFAULT-VALUE}.",
            defaultValue = "10s")
    private Duration timeout = Duration.ofSeconds(10);

    @Command(
            name = "reload",
            mixinStandardHelpOptions = true,
            description = {
                "Have the service read its configuration again and apply it as a whole, or nothing of it.",
                "Exit code 78 where it cannot be applied; every reason is a line."
            },
            footer = {"", "Example:", "  millrace ctl reload"})
    int reload(@Mixin CtlOrder order) throws IOException {
        try (ControlClient client = connect()) {
            return reload(order, client);
        }
    }

    private int reload(CtlOrder order, ControlClient client) throws IOException {
        try {
            String words = ask(client, asked -> asked.daemon().reload());
            return order.said(this, "reloaded: " + words);
        } catch (UnreachableException e) {
            main.console()
                    .fail(e.getMessage()
                            + "; where the file changes jmx, that ends the connection, and the service's log"
                            + " tells what came of it");
            return ExitCode.UNAVAILABLE;
        } catch (IOException e) {
            if (e.getCause() instanceof RuntimeException) { // not of the configuration
                throw e;
            }
            String.valueOf(e.getMessage()).lines().forEach(main.console()::say);
            return ExitCode.BAD_CONFIGURATION;
        }
    }

    @Command(
            name = "stop",
            mixinStandardHelpOptions = true,
            description = "Have the service stop; returns before it has.",
            footer = {"", "Example:", "  millrace ctl stop"})
    int stop(@Mixin CtlOrder order) throws IOException {
        return order.tell(this, ControlClient::stop);
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
        ControlClient.beWary(timeout);
        return ControlClient.connect(main.posix(), credential == null ? findCredential() : credential);
    }

    /** Where the file that was named says; else where the default one says, and where the package puts it. */
    private BytePath findCredential() throws IOException {
        List<ServiceFinder.Place> places = new ArrayList<>();
        if (configuration != null) {
            places.add(place(configuration));
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
        return ServiceFinder.find(main.posix(), places);
    }

    private ServiceFinder.Place place(BytePath file) throws IOException {
        try {
            return ConfigurationFile.readRuntimeDirectory(main.posix(), file)
                    .map(directory -> new ServiceFinder.Place(directory, file.display()))
                    .orElseGet(() -> new ServiceFinder.Place(
                            ConfigurationFile.defaultRuntimeDirectory(),
                            "the default, as " + file + " names no runtime-directory"));
        } catch (PosixException e) {
            throw new ConfigurationInput.Unreadable(e);
        }
    }

    @Override
    public void run() {
        throw new Main.MissingCommandException(spec.commandLine());
    }

    /** Standard output; the opener closes it. */
    ResultStream results() throws IOException {
        return new ResultStream(main);
    }

    Main main() {
        return main;
    }
}
