// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import io.millrace.posix.FileType;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.PosixException;
import java.io.FileNotFoundException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;

/** Resolves the program of a worker as execvp(3) does, along the PATH that its processes will have. Any thread. */
public final class ProgramSearch {
    private static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final Posix posix;
    private final WorkerSpec spec;
    private final String program;
    private final String path;

    public ProgramSearch(Posix posix, WorkerSpec spec) {
        this.posix = posix;
        this.spec = spec;
        this.program = spec.command().get(0);
        this.path = spec.surroundings().environment().getOrDefault("PATH", inheritedPath());
    }

    /** The PATH of a process whose worker does not set one. */
    static String inheritedPath() {
        String path = System.getenv("PATH");
        return path == null ? DEFAULT_PATH : path;
    }

    /**
     * Returns the path of the program. A name with a slash is returned unchecked, since the error of exec explains it
     * best.
     */
    BytePath find() throws FileNotFoundException {
        if (isPath()) {
            return BytePath.of(program);
        }
        return search().orElseThrow(
                        () -> new FileNotFoundException(BytePath.of(program) + ": no such program in " + path));
    }

    /**
     * Returns why no process could be started now, in one line that names the program; empty if it was found. Accesses
     * the file system, so it may block on an unresponsive mount.
     */
    public Optional<String> problem() {
        if (!isPath()) {
            return search().isPresent()
                    ? Optional.empty()
                    : Optional.of("there is no program '" + BytePath.of(program) + "' in "
                            + BytePath.of(String.join(", ", new LinkedHashSet<>(Arrays.asList(path.split(":", -1))))));
        }
        BytePath place = BytePath.of(program);
        if (program.charAt(0) != '/' && spec.surroundings().directory().isPresent()) {
            place = spec.surroundings().directory().get().resolve(BytePath.encode(program));
        }
        try {
            FileType type = posix.files().status(place).type();
            if (type != FileType.REGULAR) {
                return Optional.of(place + ": is a " + type.label() + ", not a program");
            }
            return posix.files().isExecutable(place)
                    ? Optional.empty()
                    : Optional.of(place + ": may not be executed by this user");
        } catch (PosixException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private boolean isPath() {
        return program.indexOf('/') >= 0;
    }

    private Optional<BytePath> search() {
        for (String directory : path.split(":", -1)) {
            BytePath candidate =
                    BytePath.of(directory.isEmpty() ? "." : directory).resolve(BytePath.encode(program));
            if (isProgram(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    private boolean isProgram(BytePath candidate) {
        try {
            return posix.files().isExecutable(candidate)
                    && posix.files().status(candidate).type() == FileType.REGULAR;
        } catch (PosixException e) {
            return false; // removed meanwhile
        }
    }
}
