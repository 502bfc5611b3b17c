// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.linux;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A directory descriptor and a name in it that together denote a path of any length. The kernel accepts at most
 * PATH_MAX bytes at a time, so the front of a longer path is opened in parts. {@link #close()} closes the descriptor
 * opened on the way. One thread.
 */
public record LongPath(@Nullable OwnedFd opened, byte[] name) implements AutoCloseable {
    /** The kernel's PATH_MAX, its NUL included (limits.h). */
    public static final int PATH_MAX = 4096;

    /** In place of a directory: the working directory (openat(2)). */
    public static final int AT_FDCWD = -100;

    /** Opens like {@code LinuxFileCalls.openat}. */
    @FunctionalInterface
    interface Opener {
        OwnedFd openat(int directory, byte[] name, Object subject, Set<OpenFlag> flags, int permissions)
                throws PosixException;
    }

    static LongPath reach(Opener opener, BytePath path) throws PosixException {
        byte[] rest = path.nulTerminated();
        OwnedFd directory = null;
        while (rest.length > PATH_MAX) {
            int cut = lastSlashWithin(rest);
            if (cut <= 0) {
                closeQuietly(directory);
                throw new PosixException("open", Errno.ENAMETOOLONG, path);
            }
            byte[] piece = Arrays.copyOf(rest, cut + 1);
            piece[cut] = 0;
            OwnedFd parent = directory;
            try {
                int from = parent == null ? AT_FDCWD : parent.number();
                directory = opener.openat(from, piece, path, Set.of(OpenFlag.PATH, OpenFlag.DIRECTORY), 0);
            } finally {
                closeQuietly(parent);
            }
            int next = cut;
            while (rest[next] == '/') {
                next++;
            }
            rest = Arrays.copyOfRange(rest, next, rest.length);
        }
        if (directory != null && rest.length == 1) {
            rest = new byte[] {'.', 0}; // the path ended in slashes
        }
        return new LongPath(directory, rest);
    }

    private static int lastSlashWithin(byte[] path) {
        int at = PATH_MAX - 2;
        while (at > 0 && path[at] != '/') {
            at--;
        }
        return at;
    }

    private static void closeQuietly(@Nullable OwnedFd fd) {
        if (fd != null) {
            fd.close();
        }
    }

    int directory() {
        return opened == null ? AT_FDCWD : opened.number();
    }

    @Override
    public void close() {
        closeQuietly(opened);
    }
}
