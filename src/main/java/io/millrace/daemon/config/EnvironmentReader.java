// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import io.millrace.posix.FileType;
import io.millrace.posix.IoPriority;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.PosixException;
import io.millrace.worker.WorkerSpec.ProcessSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads the environment of a worker's processes. */
final class EnvironmentReader {
    private final PathChecks checks;
    private final BytePath home;

    /** @param home the default working directory of workers, and the base of their relative paths */
    EnvironmentReader(PathChecks checks, BytePath home) {
        this.checks = checks;
        this.home = home;
    }

    ProcessSettings read(Section keys) {
        var usual = ProcessSettings.DEFAULT;
        var read = new ProcessSettings(
                Optional.of(keys.change(home, "directory", ValueParser.TEXT, this::existing)),
                environment(keys.section("environment")),
                keys.value("terminal", ValueParser.FLAG).orElse(usual.terminal()),
                usual.niceness(),
                keys.value("io-class", ValueParser.of(IoPriority::parse)),
                usual.pipeBytes());
        read = keys.change(read, "nice", ValueParser.WHOLE, EnvironmentReader::withNiceness);
        return keys.change(read, "pipe-size", ValueParser.SMALL_SIZE, EnvironmentReader::withPipeBytes);
    }

    private BytePath existing(BytePath from, String text) {
        BytePath path = BytePath.of(text);
        BytePath directory = text.startsWith("/") ? path : from.resolve(path.toBytes());
        try {
            if (checks.status(directory)
                    .filter(status -> status.type() != FileType.DIRECTORY)
                    .isPresent()) {
                throw new IllegalArgumentException(directory + " is not a directory");
            }
        } catch (PosixException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return directory;
    }

    /** Checks each variable separately, so that the message names the invalid one. */
    private static Map<String, String> environment(Section variables) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (String name : variables.names()) {
            environment.putAll(variables
                    .change(ProcessSettings.DEFAULT, name, ValueParser.TEXT, (s, value) -> withVariable(s, name, value))
                    .environment());
        }
        return environment;
    }

    private static ProcessSettings withVariable(ProcessSettings s, String name, String value) {
        return new ProcessSettings(
                s.directory(), Map.of(name, value), s.terminal(), s.niceness(), s.ioPriority(), s.pipeBytes());
    }

    private static ProcessSettings withNiceness(ProcessSettings s, int niceness) {
        return new ProcessSettings(
                s.directory(), s.environment(), s.terminal(), niceness, s.ioPriority(), s.pipeBytes());
    }

    private static ProcessSettings withPipeBytes(ProcessSettings s, int bytes) {
        return new ProcessSettings(s.directory(), s.environment(), s.terminal(), s.niceness(), s.ioPriority(), bytes);
    }
}
