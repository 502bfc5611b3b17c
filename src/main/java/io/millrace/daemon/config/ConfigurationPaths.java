// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import io.millrace.posix.FileStatus;
import io.millrace.posix.FileType;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.PosixException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The directory of the configuration file, from which relative paths in it are taken. Results are absolute and without
 * {@code .} and {@code ..}; a path where leaving these out would lead elsewhere, beyond a symbolic link, is refused.
 * Whatever is refused is an {@link IllegalArgumentException} that says why. A path that the kernel does not answer for is taken
 * as it is written; {@link PathChecks} tells of it.
 */
final class ConfigurationPaths {
    private final PathChecks checks;
    private final BytePath directory;

    private ConfigurationPaths(PathChecks checks, BytePath directory) {
        this.checks = checks;
        this.directory = directory;
    }

    /** {@code file}: the configuration file. Throws what asking for the working directory throws. */
    static ConfigurationPaths of(Posix posix, PathChecks checks, BytePath file) throws PosixException {
        BytePath parent = file.parent();
        return new ConfigurationPaths(
                checks,
                isAbsolute(parent) ? parent : posix.process().workingDirectory().resolve(parent.toBytes()));
    }

    private static boolean isAbsolute(BytePath path) {
        return path.toBytes()[0] == '/';
    }

    /** A directory that is there. */
    BytePath directory(String text) {
        BytePath path = existing(text);
        if (status(path).filter(status -> status.type() != FileType.DIRECTORY).isPresent()) {
            throw new IllegalArgumentException(path + " is not a directory");
        }
        return path;
    }

    /** A directory that is there, or that can be made since the one above it is. */
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

    /** A regular file that is there. What reads such files cannot do without them, so that one that does not answer is refused. */
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

    /** A file that holds a secret. The group may read it, as that is how a service gets what belongs to root. */
    BytePath secret(String text) {
        BytePath path = file(text);
        int permissions = status(path).map(FileStatus::permissions).orElse(0);
        int tooMuch = permissions & 0027;
        if (tooMuch != 0) {
            throw new IllegalArgumentException(String.format(
                    "%s has mode %04o, by which others may %s it; chmod g-w,o-rwx, 0640 at most",
                    path, permissions, (tooMuch & 0022) == 0 ? "read" : "change"));
        }
        return path;
    }

    /** Anything that is there. */
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

    /** The path as it is written, from the root; whatever is there. */
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
