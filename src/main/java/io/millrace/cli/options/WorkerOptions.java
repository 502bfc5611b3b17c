// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.options;

import io.millrace.cli.command.Argument;
import io.millrace.cli.command.CommandBuilder;
import io.millrace.cli.command.EnumParser;
import io.millrace.daemon.config.ConfigurationFile;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.worker.ProgramSearch;
import io.millrace.worker.ShellWords;
import io.millrace.worker.SlowPolicy;
import io.millrace.worker.WorkerMode;
import io.millrace.worker.WorkerSpec.Limits;
import io.millrace.worker.WorkerSpec.Surroundings;
import io.millrace.worker.WorkerSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.ParameterException;

/** The worker processes of one scan: those given on the command line, and those of a configuration file. */
public final class WorkerOptions {
    private final Argument<List<String>> commands = Argument.options(
            "--exec",
            "CMD",
            String.class,
            "A program that gets every file on its standard input, one process a file; may be given several"
                    + " times. Split into words as by a shell, but no shell is run.");

    private final Argument<List<String>> names = Argument.options(
            "--worker",
            "NAME",
            String.class,
            "A worker of the configuration file that gets every file; may be given several times.");

    private final Argument<BytePath> configuration = Argument.option(
            "--config",
            "F",
            BytePath.class,
            "The configuration file for --worker; default: /etc/millrace/millrace.yaml, in a source tree"
                    + " config/millrace.yaml.");

    private final Argument<SlowPolicy> slow = Argument.option(
                    "--slow",
                    "block|detach",
                    new EnumParser.SlowPolicies(),
                    "When a program of --exec is slower than the other consumers: let them wait (default), or let"
                            + " it go.")
            .or(SlowPolicy.BLOCK);

    private final Argument<Duration> stallTimeout = Argument.option(
                    "--stall-timeout",
                    "T",
                    Duration.class,
                    "End a program of --exec that neither reads nor writes for so long; default 5m.")
            .or(Limits.DEFAULT.stallTimeout());

    private final Argument<Duration> timeout = Argument.option(
                    "--timeout",
                    "T",
                    Duration.class,
                    "End a program of --exec that is not done with a file after so long; default: never.")
            .or(Limits.DEFAULT.timeout());

    private final Argument<Integer> retries = Argument.option(
                    "--retries",
                    "N",
                    Integer.class,
                    "Give a file again to a program of --exec that was killed, hung or left early; default 0.")
            .or(0);

    public void addTo(CommandBuilder command) {
        command.add(commands, names, configuration, slow, stallTimeout, timeout, retries);
    }

    /**
     * Returns the workers before any is started; up to {@code parallelFiles} processes of each program of
     * {@code --exec} may run at a time.
     */
    public List<WorkerSpec> specs(Posix posix, int parallelFiles) throws IOException {
        refuseWhatIsAboutNothing();
        var specs = new ArrayList<WorkerSpec>();
        for (String command : commands.get()) {
            specs.add(present(posix, spec(command, parallelFiles), "--exec '" + BytePath.display(command) + "'"));
        }
        if (names.get().isEmpty()) {
            return specs;
        }
        BytePath file = configuration.isGiven() ? configuration.get() : ConfigurationFile.defaultPath();
        Map<String, WorkerSpec> configured = ConfigurationInput.readWorkers(posix, file);
        for (String name : names.get()) {
            WorkerSpec configuredSpec = configured.get(name);
            if (configuredSpec == null) {
                throw refuse("--worker " + name + ": " + file + " has only " + String.join(", ", configured.keySet()));
            }
            specs.add(present(posix, configuredSpec, "--worker " + name));
        }
        return specs;
    }

    /** Returns whether files are passed to no program. */
    public boolean isEmpty() {
        return commands.get().isEmpty() && names.get().isEmpty();
    }

    private void refuseWhatIsAboutNothing() {
        for (Argument<?> option : List.of(slow, stallTimeout, timeout, retries)) {
            if (commands.get().isEmpty() && option.isGiven()) {
                throw refuse(option.name()
                        + " is about --exec, which is missing (workers have theirs in the configuration)");
            }
        }
        if (names.get().isEmpty() && configuration.isGiven()) {
            throw refuse("--config is about --worker, which is missing");
        }
    }

    private ParameterException refuse(String why) {
        return commands.refused(why);
    }

    /**
     * Refuses a worker whose program does not exist; otherwise every file would be read only to fail with the same
     * error.
     */
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
                    stallTimeout.get(),
                    timeout.get(),
                    usual.stopTimeout(),
                    retries.get(),
                    usual.outputBytes(),
                    usual.quarantineAfter(),
                    usual.quarantine());
            return new WorkerSpec(
                    command,
                    ShellWords.split(command),
                    WorkerMode.PER_FILE,
                    parallelFiles,
                    slow.get(),
                    Surroundings.DEFAULT,
                    limits);
        } catch (IllegalArgumentException e) {
            throw refuse("--exec '" + command + "': " + e.getMessage());
        }
    }
}
