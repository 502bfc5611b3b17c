// SPDX-License-Identifier: Apache-2.0
package io.millrace.files;

import io.millrace.posix.FileStatus;
import io.millrace.posix.FileType;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/**
 * A lock file that gives one process at a time exclusive use of a directory. It contains the process id, for messages
 * only. The kernel releases the lock when the process ends, however that happens; {@link #close} removes the file as
 * well. One thread.
 */
public final class DirectoryLock implements AutoCloseable {
    private static final int PERMISSIONS = 0640;
    private static final int PID_BYTES = 32;
    private static final Set<OpenFlag> MAKING =
            Set.of(OpenFlag.READ_WRITE, OpenFlag.CREATE, OpenFlag.NO_FOLLOW, OpenFlag.NONBLOCK);
    private static final Set<OpenFlag> LOOKING = Set.of(OpenFlag.READ_ONLY, OpenFlag.NO_FOLLOW, OpenFlag.NONBLOCK);

    private final Posix posix;
    private final BytePath path;
    private final OwnedFd fd;

    private DirectoryLock(Posix posix, BytePath path, OwnedFd fd) {
        this.posix = posix;
        this.path = path;
        this.fd = fd;
    }

    /** Another process or open file description holds the lock. */
    public static final class HeldException extends IOException {
        private static final long serialVersionUID = 1L;

        private final String holder;

        HeldException(BytePath path, String holder) {
            super(path + ": is held by " + holder);
            this.holder = holder;
        }

        /** Returns {@code process 4711}, or {@code another process} if the file does not contain an id. */
        public String holder() {
            return holder;
        }
    }

    /**
     * Takes the lock; the caller closes it.
     *
     * @throws HeldException if another open file description holds it, of this process too
     * @throws UntrustedException if the name denotes something else than such a file: a FIFO, or a file with a second
     *     name
     */
    public static DirectoryLock take(Posix posix, BytePath path) throws IOException {
        while (true) {
            OwnedFd fd = posix.files().create(path, MAKING, PERMISSIONS);
            try {
                FileStatus own = posix.files().status(fd);
                requirePlain(path, own);
                if (!posix.files().tryLock(fd)) {
                    throw new HeldException(path, holder(posix, fd));
                }
                if (isStill(posix, path, own)) {
                    writePid(posix, fd);
                    return new DirectoryLock(posix, path, fd);
                }
                fd.close(); // the former holder removed it before it was locked here
            } catch (IOException | RuntimeException e) {
                fd.close();
                throw e;
            }
        }
    }

    /** Returns the holder of the lock; empty if there is none. Neither takes the lock nor waits for it. */
    public static Optional<String> holder(Posix posix, BytePath path) throws IOException {
        try (OwnedFd fd = posix.files().open(path, LOOKING)) {
            requirePlain(path, posix.files().status(fd));
            return posix.files().isLocked(fd) ? Optional.of(holder(posix, fd)) : Optional.empty();
        } catch (PosixException e) {
            if (e.is(Errno.ENOENT)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static void requirePlain(BytePath path, FileStatus status) throws UntrustedException {
        if (status.type() != FileType.REGULAR) {
            throw new UntrustedException(path, "is a " + status.type().label() + ", not a regular file; remove it");
        }
        if (status.links() > 1) {
            throw new UntrustedException(path, "is a hard link of another file; remove it");
        }
    }

    private static boolean isStill(Posix posix, BytePath path, FileStatus own) throws PosixException {
        try {
            return posix.files().status(path).isSameFileAs(own);
        } catch (PosixException e) {
            if (e.is(Errno.ENOENT)) {
                return false;
            }
            throw e;
        }
    }

    private static String holder(Posix posix, OwnedFd fd) throws PosixException {
        try (var buffer = NativeBuffer.allocate(PID_BYTES)) {
            byte[] first = new byte[posix.io().pread(fd, buffer, new ByteRange(0, PID_BYTES))];
            buffer.first(first.length).get(first);
            String pid = new String(first, StandardCharsets.US_ASCII).strip();
            return pid.matches("\\d{1,10}") ? "process " + pid : "another process";
        }
    }

    private static void writePid(Posix posix, OwnedFd fd) throws PosixException {
        byte[] self = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
        try (var buffer = NativeBuffer.allocate(PID_BYTES)) {
            posix.files().truncate(fd, 0);
            buffer.first(self.length).put(self);
            posix.io().write(fd, buffer, self.length);
        }
    }

    /** Removes the file, if it is still this one, before another process can lock it. */
    @Override
    public void close() {
        try (fd) {
            if (isStill(posix, path, posix.files().status(fd))) {
                posix.files().unlink(path);
            }
        } catch (PosixException e) {
            // The file stays, as after a crash, which is harmless.
        }
    }
}
