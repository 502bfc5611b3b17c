// SPDX-License-Identifier: Apache-2.0
package io.millrace.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program of the system, run to its end in the C locale with nothing on its standard input. */
public final class Command {
    private static final List<String> SYSTEM_DIRECTORIES = List.of("/usr/sbin", "/sbin");

    private Command() {}

    /** What it wrote, errors included. Skips the test where there is no such program; fails unless it exits with 0 within five minutes. */
    public static String run(Object... words) throws IOException, InterruptedException {
        var command = Arrays.stream(words).map(String::valueOf).toList();
        assumeExists(command.get(0));
        var builder =
                new ProcessBuilder(command).redirectInput(new File("/dev/null")).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        builder.environment().merge("PATH", String.join(":", SYSTEM_DIRECTORIES), (path, more) -> path + ":" + more);
        Process process = builder.start();
        CompletableFuture.delayedExecutor(5, TimeUnit.MINUTES).execute(process::destroyForcibly);
        try (var out = process.getInputStream()) {
            String said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError("exit code " + process.exitValue() + ": " + command + "\n" + said);
            }
            return said;
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** Skips the test where there is no such program. */
    public static void assumeExists(String program) {
        var places = Stream.concat(
                Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":")), SYSTEM_DIRECTORIES.stream());
        assumeTrue(
                program.contains("/") || places.anyMatch(place -> Files.isExecutable(Path.of(place, program))),
                () -> program + " is not installed");
    }
}
