// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import io.millrace.posix.BytePath;
import io.millrace.posix.Errno;
import io.millrace.posix.FileStatus;
import io.millrace.posix.FileType;
import io.millrace.posix.Posix;
import io.millrace.posix.PosixException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The directory of the configuration file, from which relative paths in it are taken. Results are absolute and without
 * {@code .} and {@code ..}; a path where leaving these out would lead elsewhere, beyond a symbolic link, is refused.
 * Whatever is refused is an {@link IllegalArgumentException} that says why.
 */
final class Home {
    private final Posix posix;
    private final BytePath directory;

    private Home(Posix posix, BytePath directory) {
        this.posix = posix;
        this.directory = directory;
    }

    /** {@code file}: the configuration file. Throws what asking for the working directory throws. */
    static Home of(Posix posix, BytePath file) throws PosixException {
        BytePath parent = file.parent();
        return new Home(
                posix,
                isAbsolute(parent) ? parent : posix.process().workingDirectory().resolve(parent.toBytes()));
    }

    private static boolean isAbsolute(BytePath path) {
        return path.toBytes()[0] == '/';
    }

    /** A directory that is there. */
    BytePath directory(String text) {
        BytePath path = existing(text);
        if (status(path).type() != FileType.DIRECTORY) {
            throw new IllegalArgumentException(path + " is not a directory");
        }
        return path;
    }

    /** A directory that is there, or that can be made since the one above it is. */
    BytePath directoryToBe(String text) {
        BytePath written = absolute(text);
        BytePath path = normal(written);
        try {
            var unused = posix.files().status(path);
        } catch (PosixException e) {
            if (!e.is(Errno.ENOENT)) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
            return inDirectory(path, written);
        }
        return directory(text);
    }

    private BytePath inDirectory(BytePath path, BytePath written) {
        FileStatus above = status(path.parent());
        if (above.type() != FileType.DIRECTORY) {
            throw new IllegalArgumentException(path.parent() + " is not a directory");
        }
        checkSame(above, status(written.parent()), path.parent());
        return path;
    }

    /** A regular file that is there. */
    BytePath file(String text) {
        BytePath path = existing(text);
        if (status(path).type() != FileType.REGULAR) {
            throw new IllegalArgumentException(path + " is not a regular file");
        }
        return path;
    }

    /** A file that holds a secret. The group may read it, as that is how a service gets what belongs to root. */
    BytePath secret(String text) {
        BytePath path = file(text);
        int tooMuch = status(path).permissions() & 0027;
        if (tooMuch != 0) {
            throw new IllegalArgumentException(String.format(
                    "%s has mode %04o, by which others may %s it; chmod g-w,o-rwx, 0640 at most",
                    path, status(path).permissions(), (tooMuch & 0022) == 0 ? "read" : "change"));
        }
        return path;
    }

    /** Anything that is there. */
    BytePath existing(String text) {
        BytePath written = absolute(text);
        BytePath path = normal(written);
        checkSame(status(path), status(written), path);
        return path;
    }

    private static void checkSame(FileStatus normal, FileStatus written, BytePath path) {
        if (!normal.isSameFileAs(written)) {
            throw new IllegalArgumentException("this leads elsewhere than " + path
                    + ", for a symbolic link comes before '..'; write the whole path");
        }
    }

    /** The path as it is written, from the root; whatever is there. */
    BytePath absolute(String text) {
        BytePath path = BytePath.of(text);
        return isAbsolute(path) ? path : directory.resolve(path.toBytes());
    }

    private FileStatus status(BytePath path) {
        try {
            return posix.files().status(path);
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
