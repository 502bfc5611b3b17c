// SPDX-License-Identifier: Apache-2.0
package io.millrace.testkit;

import io.millrace.posix.IoPriority;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.worker.SlowPolicy;
import io.millrace.worker.WorkerListener;
import io.millrace.worker.WorkerMode;
import io.millrace.worker.WorkerPool;
import io.millrace.worker.WorkerSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A worker as a test wants it: patient, without retries, and through a pipe that any file of a test overfills, until told
 * otherwise. The real program behind it is a shell's script, or the persistent one of {@code worker.py} and its habits.
 */
public final class TestWorker {
    private static final int PIPE_BYTES = 64 << 10;

    private final WorkerMode mode;
    private final List<String> command;
    private final Map<String, String> environment = new HashMap<>();
    private String name = "subject";
    private int processes = 2;
    private SlowPolicy slow = SlowPolicy.BLOCK;
    private Optional<BytePath> directory = Optional.empty();
    private boolean terminal;
    private int niceness;
    private Optional<IoPriority> ioPriority = Optional.empty();
    private int pipeBytes = PIPE_BYTES;
    private Duration stall = Duration.ofSeconds(60);
    private Duration timeout = Duration.ZERO;
    private Duration stop = Duration.ofSeconds(2);
    private int retries;
    private int outputBytes = 64 << 10;
    private int quarantineAfter = 1000;
    private Duration quarantine = Duration.ofMinutes(1);

    private TestWorker(WorkerMode mode, List<String> command) {
        this.mode = mode;
        this.command = command;
    }

    public static TestWorker perFile(String... command) {
        return new TestWorker(WorkerMode.PER_FILE, List.of(command));
    }

    /** A process a file: a script of the shell. */
    public static TestWorker sh(String script) {
        return perFile("/bin/sh", "-c", script);
    }

    public static TestWorker persistent(String... command) {
        return new TestWorker(WorkerMode.PERSISTENT, List.of(command));
    }

    /** The persistent worker of {@code worker.py}. Skips the test where there is no Python. */
    public static TestWorker habit(Object... arguments) throws Exception {
        var resource = Objects.requireNonNull(TestWorker.class.getResource("worker.py"));
        var words = new ArrayList<>(List.of(python(), Path.of(resource.toURI()).toString()));
        for (Object argument : arguments) {
            words.add(argument.toString());
        }
        return persistent(words.toArray(String[]::new));
    }

    /** The system's own, rather than what a version switcher in PATH would start first. */
    public static String python() {
        String system = "/usr/bin/python3";
        if (Files.isExecutable(Path.of(system))) {
            return system;
        }
        Command.assumeExists("python3");
        return "python3";
    }

    public TestWorker named(String text) {
        name = text;
        return this;
    }

    public TestWorker variable(String variable, Object value) {
        environment.put(variable, value.toString());
        return this;
    }

    public TestWorker processes(int count) {
        processes = count;
        return this;
    }

    public TestWorker detached() {
        slow = SlowPolicy.DETACH;
        return this;
    }

    public TestWorker in(Path path) {
        directory = Optional.of(BytePath.of(path.toString()));
        return this;
    }

    public TestWorker onTerminal() {
        terminal = true;
        return this;
    }

    public TestWorker yielding(int toNiceness, IoPriority priority) {
        niceness = toNiceness;
        ioPriority = Optional.of(priority);
        return this;
    }

    public TestWorker pipe(int bytes) {
        pipeBytes = bytes;
        return this;
    }

    public TestWorker stall(int millis) {
        stall = Duration.ofMillis(millis);
        return this;
    }

    public TestWorker timeout(int millis) {
        timeout = Duration.ofMillis(millis);
        return this;
    }

    public TestWorker stop(int millis) {
        stop = Duration.ofMillis(millis);
        return this;
    }

    public TestWorker retries(int count) {
        retries = count;
        return this;
    }

    public TestWorker output(int bytes) {
        outputBytes = bytes;
        return this;
    }

    public TestWorker quarantine(int after, int millis) {
        quarantineAfter = after;
        quarantine = Duration.ofMillis(millis);
        return this;
    }

    public WorkerPool pool() {
        return pool(LinuxPosix.create(), new WorkerListener() {});
    }

    public WorkerPool pool(Posix posix) {
        return pool(posix, new WorkerListener() {});
    }

    public WorkerPool pool(WorkerListener listener) {
        return pool(LinuxPosix.create(), listener);
    }

    public WorkerPool pool(Posix posix, WorkerListener listener) {
        return new WorkerPool(posix, spec(), listener);
    }

    public WorkerSpec spec() {
        var surroundings =
                new WorkerSpec.ProcessSettings(directory, environment, terminal, niceness, ioPriority, pipeBytes);
        var limits = new WorkerSpec.Limits(stall, timeout, stop, retries, outputBytes, quarantineAfter, quarantine);
        return new WorkerSpec(name, command, mode, processes, slow, surroundings, limits);
    }
}
