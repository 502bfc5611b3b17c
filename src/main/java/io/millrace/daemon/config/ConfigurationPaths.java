// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import io.millrace.posix.FileStatus;
import io.millrace.posix.FileType;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.PosixException;
import io.millrace.units.FileMode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Resolves relative paths against the directory of the configuration file. Results are absolute and contain neither
 * {@code .} nor {@code ..}. A path is refused if removing these would change its meaning because of a symbolic link.
 * Each refusal is an {@link IllegalArgumentException} that says why. A path for which the kernel does not answer is
 * accepted as written, and {@link PathChecks} reports it.
 */
final class ConfigurationPaths {
    private final PathChecks checks;
    private final BytePath directory;

    private ConfigurationPaths(PathChecks checks, BytePath directory) {
        this.checks = checks;
        this.directory = directory;
    }

    /**
     * @param file the configuration file
     * @throws PosixException if the working directory cannot be determined
     */
    static ConfigurationPaths of(Posix posix, PathChecks checks, BytePath file) throws PosixException {
        BytePath parent = file.parent();
        return new ConfigurationPaths(
                checks,
                isAbsolute(parent) ? parent : posix.process().workingDirectory().resolve(parent.toBytes()));
    }

    private static boolean isAbsolute(BytePath path) {
        return path.toBytes()[0] == '/';
    }

    /** Returns a directory that exists. */
    BytePath directory(String text) {
        BytePath path = existing(text);
        if (status(path).filter(status -> status.type() != FileType.DIRECTORY).isPresent()) {
            throw new IllegalArgumentException(path + " is not a directory");
        }
        return path;
    }

    /** Returns a directory that exists, or that can be created because its parent exists. */
    BytePath directoryToBe(String text) {
        BytePath written = absolute(text);
        BytePath path = normal(written);
        try {
            var unused = checks.status(path);
        } catch (PosixException e) {
            if (!e.is(Errno.ENOENT)) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
            return inDirectory(path, written);
        }
        return directory(text);
    }

    private BytePath inDirectory(BytePath path, BytePath written) {
        Optional<FileStatus> above = status(path.parent());
        if (above.filter(status -> status.type() != FileType.DIRECTORY).isPresent()) {
            throw new IllegalArgumentException(path.parent() + " is not a directory");
        }
        checkSame(above, written.parent(), path.parent());
        return path;
    }

    /**
     * Returns a regular file that exists. A file that does not answer is refused, because the readers of such files
     * cannot work without it.
     */
    BytePath file(String text) {
        BytePath path = existing(text);
        if (status(path).isEmpty()) {
            throw new IllegalArgumentException(checks.whyUnanswered(path));
        }
        if (status(path).filter(status -> status.type() != FileType.REGULAR).isPresent()) {
            throw new IllegalArgumentException(path + " is not a regular file");
        }
        return path;
    }

    /**
     * Returns a file that holds a secret. Its group may read it, because that gives the service access to a file of
     * root.
     */
    BytePath secret(String text) {
        BytePath path = file(text);
        int permissions = status(path).map(FileStatus::permissions).orElse(0);
        int tooMuch = permissions & 0027;
        if (tooMuch != 0) {
            throw new IllegalArgumentException(String.format(
                    "%s has mode %s, by which others may %s it; chmod g-w,o-rwx, 0640 at most",
                    path, FileMode.format(permissions), (tooMuch & 0022) == 0 ? "read" : "change"));
        }
        return path;
    }

    /** Returns a path that exists, of any type. */
    BytePath existing(String text) {
        BytePath written = absolute(text);
        BytePath path = normal(written);
        checkSame(status(path), written, path);
        return path;
    }

    private void checkSame(Optional<FileStatus> normal, BytePath written, BytePath path) {
        if (normal.isEmpty() || written.equals(path)) {
            return;
        }
        if (status(written).filter(other -> !normal.get().isSameFileAs(other)).isPresent()) {
            throw new IllegalArgumentException("this leads elsewhere than " + path
                    + ", for a symbolic link comes before '..'; write the whole path");
        }
    }

    /** Returns the path as written, made absolute; it need not exist. */
    BytePath absolute(String text) {
        BytePath path = BytePath.of(text);
        return isAbsolute(path) ? path : directory.resolve(path.toBytes());
    }

    private Optional<FileStatus> status(BytePath path) {
        try {
            return checks.status(path);
        } catch (PosixException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static BytePath normal(BytePath path) {
        Deque<String> names = new ArrayDeque<>();
        for (String name : BytePath.decode(path.toBytes()).split("/+")) {
            if (name.equals("..")) {
                names.pollLast();
            } else if (!name.isEmpty() && !name.equals(".")) {
                names.add(name);
            }
        }
        return BytePath.of("/" + String.join("/", names));
    }
}
