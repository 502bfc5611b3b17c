// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.CCompiler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Processes that claim from one pool side by side: a C program, so that what is measured is the system's rename. */
final class Claimers {
    /** The benchmark's own. */
    private static final Path SOURCE = Path.of("src/bench/native/claimer.c");

    private final Path directory;
    private final List<Process> running = new ArrayList<>();
    private final List<Path> outputs = new ArrayList<>();
    private long startedNanos;

    /**
     * What they did.
     *
     * @param names of all files that were claimed
     * @param renameNanos of each successful rename, ascending
     */
    record Result(List<String> names, long[] renameNanos, double seconds) {
        double perSecond() {
            return names.size() / seconds;
        }

        double micros(double share) {
            return renameNanos[(int) Math.min(renameNanos.length - 1, renameNanos.length * share)] / 1e3;
        }

        @Override
        public String toString() {
            return String.format(
                    "%d claims, %.0f/s, rename p50 %.1f us, p99 %.1f us, p99.9 %.1f us, most %.1f us",
                    names.size(), perSecond(), micros(0.5), micros(0.99), micros(0.999), micros(1));
        }
    }

    /** @param directory on the pool's file system, for the program, its output and the claimed files */
    Claimers(Path directory) {
        this.directory = directory;
    }

    void start(int processes, Path pool, int claimsEach, long bytes) throws IOException, InterruptedException {
        Path program = CCompiler.program(directory, "claimer", Files.readString(SOURCE));
        startedNanos = System.nanoTime();
        for (int i = 0; i < processes; i++) {
            Path goal = Files.createDirectory(directory.resolve("goal" + i));
            Path out = directory.resolve("claims" + i);
            outputs.add(out);
            running.add(new ProcessBuilder(
                            program.toString(),
                            pool.toString(),
                            goal.toString(),
                            String.valueOf(claimsEach),
                            String.valueOf(bytes))
                    .redirectOutput(out.toFile())
                    .redirectError(directory.resolve("errors" + i).toFile())
                    .start());
        }
    }

    /** Waits for their end, and fails where one of them met a file that was not as promised. */
    Result await(long seconds) throws IOException, InterruptedException {
        try {
            for (int i = 0; i < running.size(); i++) {
                assertThat(running.get(i).waitFor(seconds, TimeUnit.SECONDS)).isTrue();
                assertThat(running.get(i).exitValue())
                        .as(Files.readString(directory.resolve("errors" + i)))
                        .isZero();
            }
        } finally {
            running.forEach(Process::destroyForcibly);
        }
        double elapsed = (System.nanoTime() - startedNanos) / 1e9;
        List<String[]> lines = outputs.stream().flatMap(Claimers::lines).toList();
        long[] nanos =
                lines.stream().mapToLong(words -> Long.parseLong(words[1])).toArray();
        Arrays.sort(nanos);
        return new Result(lines.stream().map(words -> words[0]).toList(), nanos, elapsed);
    }

    private static Stream<String[]> lines(Path file) {
        try {
            return Files.readAllLines(file).stream().map(line -> line.split(" "));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
