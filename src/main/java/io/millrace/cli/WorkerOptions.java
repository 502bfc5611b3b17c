// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.worker.SlowPolicy;
import io.millrace.worker.Words;
import io.millrace.worker.WorkerMode;
import io.millrace.worker.WorkerSpec;
import io.millrace.worker.WorkerSpec.Limits;
import io.millrace.worker.WorkerSpec.Surroundings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
            names = "--slow",
            paramLabel = "block|detach",
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

    boolean isEmpty() {
        return commands.isEmpty();
    }

    /** What they are, before any is started; {@code parallelFiles} processes of each may run at a time. */
    List<WorkerSpec> specs(int parallelFiles) {
        var specs = new ArrayList<WorkerSpec>();
        for (String command : commands) {
            specs.add(spec(command, parallelFiles));
        }
        return specs;
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
            throw new ParameterException(spec.commandLine(), "--exec '" + command + "': " + e.getMessage());
        }
    }
}
