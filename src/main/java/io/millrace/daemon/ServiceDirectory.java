// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import io.millrace.files.DirectoryLock;
import io.millrace.files.TrustedPath;
import io.millrace.files.UntrustedException;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.PosixException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A directory of the service, in which only root and the service's user can replace entries, locked by one service at a
 * time. {@link Service} opens and closes it.
 */
final class ServiceDirectory implements AutoCloseable {
    private static final int PERMISSIONS = 0750;

    private final String label;
    private final BytePath path;
    private final DirectoryLock lock;

    private ServiceDirectory(String label, BytePath path, DirectoryLock lock) {
        this.label = label;
        this.path = path;
        this.lock = lock;
    }

    /**
     * Creates the directory if it does not exist, and locks it.
     *
     * @param label the name of the directory in messages: {@code the state directory}
     * @param lock the name of the lock file in it
     */
    static ServiceDirectory open(Posix posix, String label, BytePath path, String lock) throws StartException {
        try {
            BytePath real = make(posix, path);
            return new ServiceDirectory(
                    label, real, DirectoryLock.take(posix, real.resolve(lock.getBytes(StandardCharsets.US_ASCII))));
        } catch (DirectoryLock.HeldException e) {
            throw new StartException(label + " " + path + " is in use by " + e.holder(), true, e);
        } catch (IOException e) {
            throw unusable(label, e);
        }
    }

    private static StartException unusable(String label, IOException e) {
        boolean isSpace = e instanceof PosixException posix && StartException.isSpace(posix);
        return new StartException(label + " cannot be used: " + e.getMessage(), isSpace, e);
    }

    /** Returns the path without symbolic links, {@code .} and {@code ..}. */
    BytePath path() {
        return path;
    }

    /**
     * Returns a subdirectory, which is created if it does not exist. A symbolic link of that name is refused, because a
     * worker can create one.
     */
    BytePath below(Posix posix, String name) throws StartException {
        BytePath directory = path.resolve(name.getBytes(StandardCharsets.US_ASCII));
        try {
            BytePath real = make(posix, directory);
            if (!real.equals(directory)) {
                throw new StartException(
                        label + " cannot be used: " + directory + ": is a symbolic link, not a directory", false);
            }
            return real;
        } catch (StartException e) {
            throw e;
        } catch (IOException e) {
            throw unusable(label, e);
        }
    }

    private static BytePath make(Posix posix, BytePath directory) throws PosixException, UntrustedException {
        try {
            return TrustedPath.require(posix, directory);
        } catch (PosixException e) {
            if (!e.is(Errno.ENOENT)) {
                throw e;
            }
        }
        BytePath made = TrustedPath.requireAbove(posix, directory.parent())
                .resolve(directory.fileName().toBytes());
        try {
            posix.files().makeDirectory(made, PERMISSIONS);
        } catch (PosixException e) {
            if (!e.is(Errno.EEXIST)) { // created meanwhile, or a dangling link, which the next line reports
                throw e;
            }
        }
        return TrustedPath.require(posix, made);
    }

    @Override
    public void close() {
        lock.close();
    }
}
