// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.daemon.ConfigurationFile;
import io.millrace.posix.BytePath;
import io.millrace.posix.Posix;
import io.millrace.worker.ProgramSearch;
import io.millrace.worker.SlowPolicy;
import io.millrace.worker.Words;
import io.millrace.worker.WorkerMode;
import io.millrace.worker.WorkerSpec;
import io.millrace.worker.WorkerSpec.Limits;
import io.millrace.worker.WorkerSpec.Surroundings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The worker processes of one scan: those that the command line spells out, and those of a configuration file. */
final class WorkerOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--exec",
            paramLabel = "CMD",
            description =
                    "A program that gets every file on its standard input, one process a file; may be given several"
                            + " times. Split into words as by a shell, but no shell is run.")
    private List<String> commands = List.of();

    @Option(
            names = "--worker",
            paramLabel = "NAME",
            description = "A worker of the configuration file that gets every file; may be given several times.")
    private List<String> names = List.of();

    @Option(
            names = "--config",
            paramLabel = "F",
            description = "The configuration file for --worker; default: /etc/millrace/millrace.yaml, in a source tree"
                    + " config/millrace.yaml.")
    private @Nullable BytePath configuration;

    @Option(
            names = "--slow",
            paramLabel = "block|detach",
            converter = EnumWords.SlowPolicies.class,
            completionCandidates = EnumWords.SlowPolicies.class,
            description = "When a program of --exec is slower than the other consumers: let them wait (default), or let"
                    + " it go.")
    private SlowPolicy slow = SlowPolicy.BLOCK;

    @Option(
            names = "--stall-timeout",
            paramLabel = "T",
            description = "End a program of --exec that neither reads nor writes for so long; default 5m.")
    private Duration stallTimeout = Limits.DEFAULT.stallTimeout();

    @Option(
            names = "--timeout",
            paramLabel = "T",
            description = "End a program of --exec that is not done with a file after so long; default: never.")
    private Duration timeout = Limits.DEFAULT.timeout();

    @Option(
            names = "--retries",
            paramLabel = "N",
            description = "Give a file again to a program of --exec that was killed, hung or left early; default 0.")
    private int retries;

    /**
     * What they are, before any is started; {@code parallelFiles} processes of each program of {@code --exec} may run at
     * a time.
     */
    List<WorkerSpec> specs(Posix posix, int parallelFiles) throws IOException {
        refuseWhatIsAboutNothing();
        var specs = new ArrayList<WorkerSpec>();
        for (String command : commands) {
            specs.add(present(posix, spec(command, parallelFiles), "--exec '" + WorkerCrew.display(command) + "'"));
        }
        if (names.isEmpty()) {
            return specs;
        }
        BytePath file = configuration == null ? ConfigurationFile.defaultPath() : configuration;
        Map<String, WorkerSpec> configured = ConfigurationInput.readWorkers(posix, file);
        for (String name : names) {
            WorkerSpec configuredSpec = configured.get(name);
            if (configuredSpec == null) {
                throw refuse("--worker " + name + ": " + file + " has only " + String.join(", ", configured.keySet()));
            }
            specs.add(present(posix, configuredSpec, "--worker " + name));
        }
        return specs;
    }

    /** Whether no program is to be given the files. */
    boolean isEmpty() {
        return commands.isEmpty() && names.isEmpty();
    }

    private void refuseWhatIsAboutNothing() {
        for (String option : List.of("--slow", "--stall-timeout", "--timeout", "--retries")) {
            if (commands.isEmpty() && spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw refuse(option + " is about --exec, which is missing (workers have theirs in the configuration)");
            }
        }
        if (names.isEmpty() && configuration != null) {
            throw refuse("--config is about --worker, which is missing");
        }
    }

    private ParameterException refuse(String why) {
        return new ParameterException(spec.commandLine(), why);
    }

    /** Refuses a worker whose program is not there: else every file would be read to be told the same. */
    private WorkerSpec present(Posix posix, WorkerSpec worker, String option) {
        new ProgramSearch(posix, worker).problem().ifPresent(why -> {
            throw refuse(option + ": " + why);
        });
        return worker;
    }

    private WorkerSpec spec(String command, int parallelFiles) {
        try {
            var usual = Limits.DEFAULT;
            var limits = new Limits(
                    stallTimeout,
                    timeout,
                    usual.stopTimeout(),
                    retries,
                    usual.outputBytes(),
                    usual.quarantineAfter(),
                    usual.quarantine());
            return new WorkerSpec(
                    command,
                    Words.split(command),
                    WorkerMode.PER_FILE,
                    parallelFiles,
                    slow,
                    Surroundings.DEFAULT,
                    limits);
        } catch (IllegalArgumentException e) {
            throw refuse("--exec '" + command + "': " + e.getMessage());
        }
    }
}
