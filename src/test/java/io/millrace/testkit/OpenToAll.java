// SPDX-License-Identifier: Apache-2.0
package io.millrace.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;

/**
 * A temporary directory that every user may enter; {@link #close()} deletes it. Also this JVM's class path, as every user can
 * read it.
 */
final class OpenToAll implements AutoCloseable {
    private static final Object LOCK = new Object();
    private static String classPath;

    private final Path directory;

    OpenToAll() throws IOException {
        directory = Files.createTempDirectory("millrace-child-");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    Path directory() {
        return directory;
    }

    /**
     * This JVM's class path, with copies of those parts that another user cannot reach: a local repository under root's home,
     * as a rule. They are made once, and deleted when this JVM ends.
     */
    static String classPath() throws IOException {
        synchronized (LOCK) {
            if (classPath == null) {
                classPath = makeClassPath();
            }
            return classPath;
        }
    }

    private static String makeClassPath() throws IOException {
        var copies = new OpenToAll();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                copies.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }));
        var entries = new ArrayList<String>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path path = Path.of(entry).toAbsolutePath();
            if (Files.exists(path)) {
                entries.add((isOpen(path) ? path : copies.copy(path, entries.size())).toString());
            }
        }
        return String.join(File.pathSeparator, entries);
    }

    /** Whether every user can reach it and read it. */
    static boolean isOpen(Path path) throws IOException {
        if (!Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_READ)) {
            return false;
        }
        for (Path above = path.getParent(); above != null; above = above.getParent()) {
            if (!Files.getPosixFilePermissions(above).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                return false;
            }
        }
        return true;
    }

    private Path copy(Path from, int number) throws IOException {
        Path place = Files.createDirectory(directory.resolve(String.valueOf(number)));
        Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path to = place.resolve(from.getFileName());
        try (var files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path copy = to.resolve(from.relativize(file).toString());
                Files.copy(file, copy);
                Files.setPosixFilePermissions(
                        copy, PosixFilePermissions.fromString(Files.isDirectory(file) ? "rwxr-xr-x" : "rw-r--r--"));
            }
        }
        return to;
    }

    @Override
    public void close() throws IOException {
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
