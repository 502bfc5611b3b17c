// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.ctl;

import io.millrace.cli.command.Argument;
import io.millrace.cli.options.ConfigurationInput;
import io.millrace.cli.output.Invocation;
import io.millrace.cli.output.ResultStream;
import io.millrace.daemon.config.ConfigurationFile;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.PosixException;
import io.millrace.telemetry.jmx.client.ControlClient;
import io.millrace.telemetry.jmx.client.ServiceFinder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The connection of the commands of {@code ctl} to the service: its credential, the time-out, and the output of
 * answers.
 */
final class CtlConnection {
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
                    "Fail if the service has not responded after so long; default: 10s.")
            .or(Duration.ofSeconds(10))
            .inherited();

    CtlConnection(Invocation invocation) {
        this.invocation = invocation;
    }

    /** Returns the options that select the service and the time-out. */
    Argument<?>[] arguments() {
        return new Argument<?>[] {credential, configuration, timeout};
    }

    /**
     * Calls the service and returns its answer. Throws an {@link IOException} of one line if the service refuses the
     * request.
     */
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

    /** Connects to the service; the caller closes the connection. */
    ControlClient connect() throws IOException {
        ControlClient.beWary(timeout.get());
        return ControlClient.connect(invocation.posix(), credential.isGiven() ? credential.get() : findCredential());
    }

    /**
     * Looks in the runtime directory of the given configuration file; without one, in that of the default file and in
     * that of the package.
     */
    private BytePath findCredential() throws IOException {
        List<ServiceFinder.Place> places = new ArrayList<>();
        if (configuration.isGiven()) {
            places.add(place(configuration.get()));
        } else {
            try {
                places.add(place(ConfigurationFile.defaultPath()));
            } catch (ConfigurationInput.Unreadable e) { // possibly only the service may read the file
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

    /** Opens standard output; the caller closes it. */
    ResultStream results() throws IOException {
        return new ResultStream(invocation);
    }

    Invocation invocation() {
        return invocation;
    }
}
