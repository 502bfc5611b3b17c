// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import io.millrace.files.Roots;
import io.millrace.posix.FileStatus;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Claims a file of a pool by rename, as any other program would. Any thread. */
record Claim(Posix posix, PoolSpec spec, PoolInventory stock) {
    private static final Set<OpenFlag> DIRECTORY = Set.of(OpenFlag.READ_ONLY, OpenFlag.DIRECTORY);

    /**
     * Flags for a directory that is writable but not readable (a drop box, mode 0333); fsync(2) does not accept such a
     * descriptor.
     */
    private static final Set<OpenFlag> DROP_BOX = Set.of(OpenFlag.PATH, OpenFlag.DIRECTORY);

    /** Moves the file to {@code destination}. If that is a directory, the file keeps its own name there. */
    BytePath into(BytePath destination, Roots roots) throws IOException {
        try (OwnedFd directory = openIfDirectory(destination, roots)) {
            if (directory != null) {
                return into(directory, destination, null);
            }
        }
        if (destination.endsInSlash()) {
            throw new PosixException("renameat2", Errno.ENOTDIR, destination);
        }
        try (OwnedFd parent = openForNames(flags -> roots.openParent(destination, flags))) {
            return into(parent, destination.parent(), destination.fileName());
        }
    }

    /** Returns null if it does not exist or is no directory; errors on the path show when the parent is opened. */
    private static @Nullable OwnedFd openIfDirectory(BytePath path, Roots roots) throws IOException {
        try {
            return openForNames(flags -> roots.open(path, flags));
        } catch (PosixException e) {
            if (e.is(Errno.ENOENT) || e.is(Errno.ENOTDIR)) {
                return null;
            }
            throw e;
        }
    }

    private interface Opening {
        OwnedFd with(Set<OpenFlag> flags) throws IOException;
    }

    private static OwnedFd openForNames(Opening opening) throws IOException {
        try {
            return opening.with(DIRECTORY);
        } catch (PosixException e) {
            if (!e.is(Errno.EACCES)) {
                throw e;
            }
            return opening.with(DROP_BOX);
        }
    }

    /**
     * @param directory an open directory with the path {@code path}
     * @param newName null: the file keeps its name
     */
    BytePath into(OwnedFd directory, BytePath path, @Nullable BytePath newName) throws IOException {
        try (OwnedFd pool = posix.files().open(spec.directory(), DIRECTORY)) {
            if (posix.files().status(pool).isSameFileAs(posix.files().status(directory))) {
                throw new IOException(path.display() + ": is the directory of pool " + spec.name() + " itself");
            }
            for (Long number : stock.numbers()) {
                byte[] name = stock.name(number);
                BytePath to = path.resolve(newName == null ? name : newName.toBytes());
                if (isReady(pool, name) && moved(pool, name, directory, to)) {
                    sync(directory);
                    posix.files().fsync(pool);
                    return to;
                }
            }
        }
        if (posix.files().status(directory).links() == 0) {
            throw new PosixException("renameat2", Errno.ENOENT, path);
        }
        throw new IOException("pool " + spec.name() + ": no file is ready in "
                + spec.directory().display());
    }

    /**
     * Syncs a directory. A rename is one transaction on ext4 and xfs: if this directory cannot be synced, the pool's
     * own fsync(2) makes the rename durable.
     */
    private void sync(OwnedFd directory) throws PosixException {
        try {
            posix.files().fsync(directory);
        } catch (PosixException e) {
            if (!e.is(Errno.EBADF)) { // the error for an O_PATH descriptor
                throw e;
            }
        }
    }

    /** Checks the file again, since another process may have changed it without the keeper's knowledge. */
    private boolean isReady(OwnedFd pool, byte[] name) throws PosixException {
        FileStatus status = stock.status(pool, BytePath.of(name));
        return status != null && stock.lack(status) == null;
    }

    /** Returns false if another process claimed the file first. */
    private boolean moved(OwnedFd pool, byte[] name, OwnedFd directory, BytePath to) throws PosixException {
        try {
            posix.files()
                    .renameNoReplaceBetween(pool, name, directory, to.fileName().toBytes(), to);
            return true;
        } catch (PosixException e) {
            if (e.is(Errno.ENOENT)) {
                return false;
            }
            throw e;
        }
    }
}
