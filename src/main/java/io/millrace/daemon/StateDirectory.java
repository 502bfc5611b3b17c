// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import io.millrace.posix.BytePath;
import io.millrace.posix.Errno;
import io.millrace.posix.NativeBuffer;
import io.millrace.posix.OpenFlag;
import io.millrace.posix.OwnedFd;
import io.millrace.posix.Posix;
import io.millrace.posix.PosixException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * The directory for what outlives the process, held by one service at a time: a lock on the file {@code lock} in it,
 * which the kernel lets go of with the process, however that ends. The file names the process that holds it.
 */
final class StateDirectory implements AutoCloseable {
    private static final int PERMISSIONS = 0750;
    private static final int FILE_PERMISSIONS = 0640;
    private static final int PID_BYTES = 32;
    private static final Set<OpenFlag> LOCK_FLAGS = Set.of(OpenFlag.READ_WRITE, OpenFlag.CREATE, OpenFlag.NO_FOLLOW);

    private final Posix posix;
    private final BytePath path;
    private final OwnedFd lock;

    private StateDirectory(Posix posix, BytePath path, OwnedFd lock) {
        this.posix = posix;
        this.path = path;
        this.lock = lock;
    }

    /** Makes the directory if it is not there. */
    static StateDirectory open(Posix posix, BytePath path) throws StartException {
        try {
            make(posix, path);
            OwnedFd lock = posix.files().create(path.resolve(name("lock")), LOCK_FLAGS, FILE_PERMISSIONS);
            try {
                return held(posix, path, lock);
            } catch (StartException | PosixException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (PosixException e) {
            throw new StartException(
                    "the state directory cannot be used: " + e.getMessage(), StartException.isSpace(e), e);
        }
    }

    private static StateDirectory held(Posix posix, BytePath path, OwnedFd lock) throws PosixException, StartException {
        try (var buffer = NativeBuffer.allocate(PID_BYTES)) {
            if (!posix.files().tryLock(lock)) {
                byte[] first = new byte[posix.io().read(lock, buffer)];
                buffer.first(first.length).get(first);
                String who = BytePath.display(
                        new String(first, StandardCharsets.US_ASCII).strip().getBytes(StandardCharsets.US_ASCII));
                throw new StartException(
                        "the state directory " + path + " is in use by "
                                + (who.isEmpty() ? "another process" : "process " + who),
                        true);
            }
            byte[] self = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
            posix.files().truncate(lock, 0);
            buffer.first(self.length).put(self);
            posix.io().write(lock, buffer, self.length);
            return new StateDirectory(posix, path, lock);
        }
    }

    BytePath path() {
        return path;
    }

    /** A directory in it, made if it is not there. */
    BytePath below(String name) throws StartException {
        BytePath directory = path.resolve(name(name));
        try {
            make(posix, directory);
        } catch (PosixException e) {
            throw new StartException(
                    "the state directory cannot be used: " + e.getMessage(), StartException.isSpace(e), e);
        }
        return directory;
    }

    /** Unless it is there. */
    static void make(Posix posix, BytePath directory) throws PosixException {
        try {
            posix.files().makeDirectory(directory, PERMISSIONS);
        } catch (PosixException e) {
            if (!e.is(Errno.EEXIST)) {
                throw e;
            }
        }
    }

    private static byte[] name(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        lock.close();
    }
}
