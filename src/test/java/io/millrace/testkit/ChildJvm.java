// SPDX-License-Identifier: Apache-2.0
package io.millrace.testkit;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A main class of the tests in a JVM of its own, for code that needs another user, a limit, a tracer or a preloaded
 * library around it. It has this JVM's class path, assertions on, no signal ignored and nothing on its standard input.
 * Where the program was laid out, its jar and class archive come first: that saves a third of the processor time of a
 * start.
 *
 * <pre>{@code
 * var result = ChildJvm.of(ReadFile.class, file).under("prlimit", "--nofile=16").run();
 * assertThat(result.exitCode()).as(result.toString()).isZero();
 * }</pre>
 */
public final class ChildJvm {
    private final Class<?> main;
    private final List<String> arguments;
    private final List<String> wrapper = new ArrayList<>();
    private final List<String> options = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private File input = new File("/dev/null");
    private Duration timeout = Duration.ofMinutes(4);

    private ChildJvm(Class<?> main, List<String> arguments) {
        this.main = main;
        this.arguments = arguments;
    }

    /** What became of it. {@link #toString()} shows all, for the description of an assertion. */
    public record Result(int exitCode, String out, String err) {
        @Override
        public String toString() {
            return "exit code " + exitCode + "\n--- out\n" + out + "--- err\n" + err + "---";
        }
    }

    public static ChildJvm of(Class<?> main, Object... arguments) {
        return new ChildJvm(main, Arrays.stream(arguments).map(String::valueOf).toList());
    }

    /** A command that is to start the JVM, such as {@code strace -f -o LOG}. Several nest, the first outermost. */
    public ChildJvm under(String... command) {
        wrapper.addAll(List.of(command));
        return this;
    }

    /** Without privileges, as a user who owns nothing. Needs root. */
    public ChildJvm asNobody() {
        return under("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
    }

    public ChildJvm option(String jvmOption) {
        options.add(jvmOption);
        return this;
    }

    public ChildJvm environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    public ChildJvm input(Path file) {
        input = file.toFile();
        return this;
    }

    /** After which it is killed with its children, and {@link #run()} fails. Four minutes unless told. */
    public ChildJvm timeout(Duration limit) {
        timeout = limit;
        return this;
    }

    /** Runs it to its end. Throws {@link AssertionError} with all it said when it does not end in time. */
    public Result run() throws IOException, InterruptedException {
        try (var stage = new OpenToAll()) {
            Path out = Files.createFile(stage.directory().resolve("out"));
            Path err = Files.createFile(stage.directory().resolve("err"));
            var builder = new ProcessBuilder(command())
                    .redirectInput(input)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            try {
                boolean ended = process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
                var result = new Result(ended ? process.exitValue() : -1, read(out), read(err));
                if (!ended) {
                    throw new AssertionError("still running after " + timeout + ": " + builder.command() + result);
                }
                return result;
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
        }
    }

    private List<String> command() throws IOException {
        var command = new ArrayList<>(Signals.DEFAULT);
        command.addAll(wrapper);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-ea", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(Layout.options(wrapper.contains("setpriv")));
        command.addAll(options);
        command.addAll(List.of("-cp", Layout.classPath(wrapper.contains("setpriv")), main.getName()));
        command.addAll(arguments);
        return command;
    }

    private static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
