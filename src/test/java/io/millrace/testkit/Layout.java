// SPDX-License-Identifier: Apache-2.0
package io.millrace.testkit;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The program as {@code package} laid it out, for JVMs that {@link ChildJvm} starts: they take its classes from its jar,
 * because a class archive (-XX:SharedArchiveFile) holds none of a directory. Where there is no layout, or another user is
 * to start the JVM and cannot reach it, they start without, from the class path of this JVM.
 */
final class Layout {
    private static final String PROPERTY = System.getProperty("millrace.layout");

    private Layout() {}

    /** What the launcher gives to a JVM so that it starts soon. Less: the size of the heap, which tests choose. */
    static List<String> options(boolean forAnotherUser) throws IOException {
        if (!isUsable(forAnotherUser)) {
            return List.of();
        }
        return List.of(
                "-XX:SharedArchiveFile=" + library().resolve("millrace.jsa"),
                "-Xlog:disable", // an archive of another JVM is passed over in silence
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-Djna.boot.library.path=" + library(),
                "-Djna.nounpack=true",
                "-Djna.nosys=true",
                "-Djna.platform.library.path=" + library(),
                "-Dorg.sqlite.lib.path=" + library());
    }

    /**
     * Its jar, which names its libraries, and of the class path of this JVM what is not among those: a JVM opens all there
     * is, and tests count descriptors.
     */
    static String classPath(boolean forAnotherUser) throws IOException {
        if (!isUsable(forAnotherUser)) {
            return OpenToAll.classPath();
        }
        Path library = library();
        String own = forAnotherUser ? OpenToAll.classPath() : System.getProperty("java.class.path");
        String rest = Arrays.stream(own.split(File.pathSeparator))
                .map(Path::of)
                .filter(entry -> Files.exists(entry) && Files.notExists(library.resolve(entry.getFileName())))
                .map(entry -> entry.toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
        return library.resolve("millrace.jar") + File.pathSeparator + rest;
    }

    private static boolean isUsable(boolean forAnotherUser) throws IOException {
        return PROPERTY != null
                && Files.exists(library().resolve("millrace.jsa"))
                && (!forAnotherUser || OpenToAll.isOpen(library().resolve("millrace.jar")));
    }

    private static Path library() {
        return Path.of(PROPERTY, "lib").toAbsolutePath();
    }
}
