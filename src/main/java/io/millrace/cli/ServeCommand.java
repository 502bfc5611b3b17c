// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.daemon.ConfigurationFile;
import io.millrace.daemon.Service;
import io.millrace.lifecycle.ServiceSignals;
import io.millrace.posix.BytePath;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code millrace serve}: the service, until it is asked to stop. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = {
            "Keep pools full, scan sources on schedule, and let both be watched and steered.",
            "SIGHUP reads the configuration again, SIGTERM stops."
        },
        footer = {"", "Example:", "  millrace serve --config /etc/millrace/millrace.yaml"})
final class ServeCommand implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @Option(
            names = "--config",
            paramLabel = "F",
            description = "Default: /etc/millrace/millrace.yaml, in a source tree config/millrace.yaml.")
    private @Nullable BytePath file;

    @Override
    public Integer call() throws Exception {
        var signals = ServiceSignals.ofProcess();
        Service.hideMemory(main.posix());
        BytePath chosen = file == null ? ConfigurationFile.defaultPath() : file;
        var configuration = ConfigurationInput.read(main.posix(), chosen);
        try (var service = Service.start(main.posix(), chosen, configuration, signals, Version.number())) {
            service.run();
        }
        return signals.exitCode();
    }
}
