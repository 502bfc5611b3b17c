// SPDX-License-Identifier: Apache-2.0
package io.millrace.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A library, compiled by the test, between the system calls of a {@link ChildJvm} and the C library. It disturbs what
 * {@code io.millrace.posix} calls and leaves the JVM's own calls alone.
 */
public final class Shim {
    /** What to do to calls; the names are those that the library knows. */
    public enum Disturbance {
        /** Every other call fails with EINTR, before it has done anything (close: after). */
        EINTR("eintr"),
        /** Reads, writes and splices move half of what they are asked to. */
        SHORT("short"),
        BOTH("eintr,short"),
        /** Reads, writes and splices move nothing and say so. */
        NOTHING_MOVES("zero"),
        NONE("");

        private final String mode;

        Disturbance(String mode) {
            this.mode = mode;
        }
    }

    /** What happened to one function. */
    public record Count(long calls, long interrupted, long cut) {}

    private final Path library;
    private final Path report;

    private Shim(Path library, Path report) {
        this.library = library;
        this.report = report;
    }

    /** Compiled into {@code directory}. Skips the test where there is no C compiler. */
    public static Shim in(Path directory) throws IOException, InterruptedException {
        try (var source = Objects.requireNonNull(Shim.class.getResourceAsStream("shim.c"))) {
            String text = new String(source.readAllBytes(), StandardCharsets.UTF_8);
            return new Shim(CCompiler.library(directory, "shim.so", text), directory.resolve("shim.report"));
        }
    }

    public ChildJvm around(ChildJvm child, Disturbance disturbance) {
        return child.environment("LD_PRELOAD", library.toString())
                .environment("SHIM", disturbance.mode)
                .environment("SHIM_REPORT", report.toString());
    }

    /** By C function, after the child has ended. Functions that it never called are there with zeros. */
    public Map<String, Count> counts() throws IOException {
        return Files.readAllLines(report).stream()
                .map(line -> line.split(" "))
                .collect(Collectors.toMap(
                        words -> words[0],
                        words -> new Count(
                                Long.parseLong(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3]))));
    }
}
