// SPDX-License-Identifier: Apache-2.0
package io.millrace.testkit;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The program as it is installed, launcher, class archive and all, no signal ignored and nothing on its standard input. */
public final class Launcher {
    private static final long PATIENCE_SECONDS = 240;

    private Launcher() {}

    /** Starts it; all it says goes into {@code log}. The JVM is the process itself. */
    public static Process start(Path log, Map<String, String> environment, Object... arguments) throws IOException {
        return builder(environment, arguments)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /** Runs it to its end, which must come within four minutes. */
    public static ChildJvm.Result run(Object... arguments) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("millrace-launcher-");
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        var builder = builder(Map.of(), arguments).redirectOutput(out.toFile()).redirectError(err.toFile());
        Process process = builder.start();
        try {
            boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            var result = new ChildJvm.Result(ended ? process.exitValue() : -1, read(out), read(err));
            if (!ended) {
                throw new AssertionError("still running: " + builder.command() + " " + result);
            }
            return result;
        } finally {
            process.destroyForcibly().waitFor();
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
            Files.delete(directory);
        }
    }

    private static ProcessBuilder builder(Map<String, String> environment, Object... arguments) {
        List<String> command = new ArrayList<>(Signals.DEFAULT);
        command.add(Path.of(System.getProperty("millrace.layout"), "bin", "millrace")
                .toString());
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        var builder = new ProcessBuilder(command).redirectInput(new File("/dev/null"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        return builder;
    }

    private static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
