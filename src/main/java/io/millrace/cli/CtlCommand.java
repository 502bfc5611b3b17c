// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.daemon.ConfigurationException;
import io.millrace.daemon.ConfigurationFile;
import io.millrace.posix.BytePath;
import io.millrace.posix.PosixException;
import io.millrace.telemetry.ControlClient;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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
            CtlWorkerCommand.class,
            CtlReloadCommand.class,
            CtlStopCommand.class
        },
        footer = {"", "Example:", "  millrace ctl status --watch"})
final class CtlCommand implements Runnable {
    private static final BytePath INSTALLED = BytePath.of("/run/millrace");

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

    /** Has something done, and says what the service answered. */
    int tell(ControlClient.Question<String> order) throws IOException {
        main.console().say(ask(order));
        return ExitCode.DONE;
    }

    ControlClient connect() throws IOException {
        return ControlClient.connect(main.posix(), credential == null ? defaultCredential() : credential);
    }

    /** Where the configuration cannot be read (it may be half-way edited), where the package puts it. */
    private BytePath defaultCredential() throws IOException {
        BytePath directory;
        try {
            directory = ConfigurationFile.read(main.posix(), ConfigurationFile.defaultPath())
                    .runtimeDirectory();
        } catch (ConfigurationException | PosixException e) {
            directory = INSTALLED;
        }
        return ControlClient.credentialIn(directory);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    Main main() {
        return main;
    }
}
