// SPDX-License-Identifier: Apache-2.0
package io.millrace.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The system's C compiler, for what only the headers or a preloaded library can say. Tests skip where it is missing. */
public final class CCompiler {
    /** What this JVM has made, by command and source: many tests want the same. */
    private static final Map<String, byte[]> MADE = new ConcurrentHashMap<>();

    private CCompiler() {}

    /** A program made of {@code source}. */
    public static Path program(Path directory, String name, String source) throws IOException, InterruptedException {
        return make(directory, name, source, List.of("-O1"));
    }

    /** A library to name in LD_PRELOAD. */
    public static Path library(Path directory, String name, String source) throws IOException, InterruptedException {
        return make(directory, name, source, List.of("-O1", "-shared", "-fPIC"));
    }

    /** Compiles without making anything: for {@code _Static_assert}. Every one that fails is in the error's message. */
    public static void check(Path directory, String source, List<?> options) throws IOException, InterruptedException {
        var more = new ArrayList<Object>(options);
        more.add("-fsyntax-only");
        compile(directory, "check", source, more);
    }

    private static Path make(Path directory, String name, String source, List<String> options)
            throws IOException, InterruptedException {
        Path made = directory.resolve(name);
        String key = String.join(" ", options) + "\n" + source;
        byte[] known = MADE.get(key);
        if (known != null) {
            Files.write(made, known);
            Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxr-xr-x"));
            return made;
        }
        var more = new ArrayList<Object>(options);
        more.addAll(List.of("-o", made));
        compile(directory, name, source, more);
        MADE.put(key, Files.readAllBytes(made));
        return made;
    }

    private static void compile(Path directory, String name, String source, List<?> options)
            throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve(name + ".c"), source);
        var command = new ArrayList<Object>(List.of("cc", "-std=gnu11", "-Wall", "-Werror=implicit", "-D_GNU_SOURCE"));
        command.addAll(options);
        command.addAll(List.of(file, "-ldl"));
        var unused = Command.run(command.toArray());
    }
}
