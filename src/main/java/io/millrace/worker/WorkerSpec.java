// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import io.millrace.posix.IoPriority;
import io.millrace.posix.libc.BytePath;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The configuration of a worker.
 *
 * @param name the name in results and messages; one line
 * @param command the program and its arguments; bytes that are not UTF-8 as in {@link BytePath#of(String)}. A program
 *     without a slash is looked up along PATH
 * @param processes most processes at a time, at least 1
 */
public record WorkerSpec(
        String name,
        List<String> command,
        WorkerMode mode,
        int processes,
        SlowPolicy slow,
        ProcessSettings surroundings,
        Limits limits) {
    public static final int MAX_PROCESSES = 1024;

    /**
     * The execution environment of a process.
     *
     * @param directory its working directory; default: that of Millrace
     * @param environment variables in addition to those that every worker has; they take precedence
     * @param terminal whether its standard output and error are a pseudo-terminal
     * @param niceness -20 to 19, set for its process group right after the start; 0 leaves it unchanged
     * @param ioPriority likewise
     * @param pipeBytes the requested capacity of its pipe, 4 KiB to 16 MiB
     */
    public record ProcessSettings(
            Optional<BytePath> directory,
            Map<String, String> environment,
            boolean terminal,
            int niceness,
            Optional<IoPriority> ioPriority,
            int pipeBytes) {
        public static final int DEFAULT_PIPE_BYTES = 1 << 20;
        public static final int MIN_PIPE_BYTES = 4 << 10;
        public static final int MAX_PIPE_BYTES = 16 << 20;

        /** Millrace's own directory, no additional environment, pipes. */
        public static final ProcessSettings DEFAULT =
                new ProcessSettings(Optional.empty(), Map.of(), false, 0, Optional.empty(), DEFAULT_PIPE_BYTES);

        public ProcessSettings {
            environment = Map.copyOf(environment);
            require(niceness >= -20 && niceness <= 19, "niceness " + niceness + " is not within -20 to 19");
            require(
                    pipeBytes >= MIN_PIPE_BYTES && pipeBytes <= MAX_PIPE_BYTES,
                    "a pipe of " + pipeBytes + " bytes is not within 4 KiB to 16 MiB");
            for (String variable : environment.keySet()) {
                require(
                        !variable.isEmpty() && variable.indexOf('=') < 0 && variable.indexOf('\0') < 0,
                        "'" + variable + "' cannot name a variable");
            }
        }
    }

    /**
     * Time-outs, retries and limits.
     *
     * @param stallTimeout after which a process that neither reads nor writes anything, although it could, is
     *     terminated
     * @param timeout for one attempt at one file; zero for none
     * @param stopTimeout between SIGTERM and SIGKILL
     * @param retries attempts on a new process after one that crashed, hung, broke the protocol or closed early
     * @param outputBytes most bytes of output that are kept per file or accepted for an answer; more is a failure
     * @param quarantineAfter consecutive failures after which no process is started for a while
     * @param quarantine duration of that
     */
    public record Limits(
            Duration stallTimeout,
            Duration timeout,
            Duration stopTimeout,
            int retries,
            int outputBytes,
            int quarantineAfter,
            Duration quarantine) {
        public static final int MAX_OUTPUT_BYTES = 4 << 20;

        public static final Limits DEFAULT = new Limits(
                Duration.ofMinutes(5), Duration.ZERO, Duration.ofSeconds(2), 1, 64 << 10, 5, Duration.ofMinutes(1));

        public Limits {
            require(isPositive(stallTimeout), "a stall-timeout must be more than nothing");
            require(!timeout.isNegative(), "a timeout cannot be negative");
            require(!stopTimeout.isNegative(), "a stop-timeout cannot be negative");
            require(retries >= 0, "retries cannot be negative");
            require(
                    outputBytes >= 1 && outputBytes <= MAX_OUTPUT_BYTES,
                    "an output limit of " + outputBytes + " bytes is not within 1 to 4 MiB");
            require(quarantineAfter >= 1, "quarantine comes after 1 failure at the least");
            require(!quarantine.isNegative(), "a quarantine cannot be negative");
        }

        private static boolean isPositive(Duration duration) {
            return !duration.isNegative() && !duration.isZero();
        }

        public Limits withRetries(int count) {
            return new Limits(stallTimeout, timeout, stopTimeout, count, outputBytes, quarantineAfter, quarantine);
        }
    }

    public WorkerSpec {
        command = List.copyOf(command);
        require(!name.isBlank(), "a worker needs a name");
        require(!command.isEmpty() && !command.get(0).isEmpty(), "a worker needs a command");
        require(command.stream().noneMatch(word -> word.indexOf('\0') >= 0), "a command cannot contain a NUL byte");
        require(
                processes >= 1 && processes <= MAX_PROCESSES,
                processes + " processes is not within 1 to " + MAX_PROCESSES);
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
