// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import io.millrace.posix.libc.BytePath;
import io.millrace.units.Text;
import io.millrace.worker.ShellWords;
import io.millrace.worker.SlowPolicy;
import io.millrace.worker.WorkerMode;
import io.millrace.worker.WorkerSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads {@code workers}. Each key is put into the record separately, so that a problem that the record reports can be
 * attributed to that key.
 */
final class WorkerReader {
    private static final int ONE_PROCESS = 1;

    /** Stands in until the command in the file is known to be valid. */
    private static final List<String> NO_COMMAND = List.of("-");

    private final EnvironmentReader surroundings;

    /** @param home the directory of the configuration file, which is the default working directory of workers */
    WorkerReader(PathChecks checks, BytePath home) {
        this.surroundings = new EnvironmentReader(checks, home);
    }

    /** Returns the workers by name, in the order of the file. */
    Map<String, WorkerSpec> read(Section workers) {
        Map<String, WorkerSpec> specs = new LinkedHashMap<>();
        for (String name : workers.names()) {
            if (name.isBlank() || !name.codePoints().allMatch(Text::isPrintable)) {
                workers.refuse(name, "a worker's name is printable, on one line and not blank");
            }
            specs.put(name, worker(name, workers.section(name)));
        }
        return specs;
    }

    private WorkerSpec worker(String name, Section keys) {
        keys.require("command");
        WorkerMode mode =
                keys.value("mode", ValueParser.oneOf(WorkerMode.class)).orElse(WorkerMode.PER_FILE);
        int processes = mode == WorkerMode.PERSISTENT ? ONE_PROCESS : processors();
        var spec = new WorkerSpec(
                name.isBlank() ? "-" : name,
                NO_COMMAND,
                mode,
                processes,
                SlowPolicy.BLOCK,
                surroundings.read(keys),
                LimitsReader.read(keys));
        spec = keys.changeWords(spec, "command", ShellWords::split, WorkerReader::withCommand);
        spec = keys.change(spec, "processes", ValueParser.WHOLE, WorkerReader::withProcesses);
        spec = keys.change(spec, "slow", ValueParser.oneOf(SlowPolicy.class), WorkerReader::withSlow);
        keys.refuseOthers();
        return spec;
    }

    private static int processors() {
        return Math.min(Runtime.getRuntime().availableProcessors(), WorkerSpec.MAX_PROCESSES);
    }

    private static WorkerSpec withCommand(WorkerSpec s, List<String> command) {
        return new WorkerSpec(s.name(), command, s.mode(), s.processes(), s.slow(), s.surroundings(), s.limits());
    }

    private static WorkerSpec withProcesses(WorkerSpec s, int processes) {
        return new WorkerSpec(s.name(), s.command(), s.mode(), processes, s.slow(), s.surroundings(), s.limits());
    }

    private static WorkerSpec withSlow(WorkerSpec s, SlowPolicy slow) {
        return new WorkerSpec(s.name(), s.command(), s.mode(), s.processes(), slow, s.surroundings(), s.limits());
    }
}
