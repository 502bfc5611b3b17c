// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import io.millrace.posix.BytePath;
import io.millrace.posix.Errno;
import io.millrace.posix.FileCalls;
import io.millrace.posix.FileStatus;
import io.millrace.posix.OpenFlag;
import io.millrace.posix.OwnedFd;
import io.millrace.posix.PosixException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A directory in which files are to appear, open for as long as a batch takes. Owned by the batch's thread. */
final class Parent implements AutoCloseable {
    /** How every hidden name of ours begins. */
    static final String HIDDEN_PREFIX = ".millrace-";

    private final FileCalls files;
    private final OwnedFd fd;
    private final BytePath path;
    private final AllocationListener listener;
    private final String hiddenPrefix;
    private final boolean isOwned;
    private boolean lacksTemporaryFiles;

    private Parent(FileCalls files, OwnedFd fd, BytePath path, AllocationListener listener, @Nullable String prefix) {
        this.files = files;
        this.fd = fd;
        this.path = path;
        this.listener = listener;
        this.hiddenPrefix = prefix == null ? HIDDEN_PREFIX : prefix;
        this.isOwned = prefix == null;
    }

    /**
     * A directory that stays its caller's and is not closed here.
     *
     * @param hiddenPrefix of the names that files have there while they are made, where O_TMPFILE is missing
     */
    static Parent borrowed(
            FileCalls files, OwnedFd fd, BytePath path, AllocationListener listener, String hiddenPrefix) {
        return new Parent(files, fd, path, listener, hiddenPrefix);
    }

    /** Opens the directory of {@code child}, which errors name because it is what the caller knows. */
    static Parent of(FileCalls files, BytePath child, AllocationListener listener) throws PosixException {
        BytePath path = child.parent();
        try {
            OwnedFd fd = files.open(path, Set.of(OpenFlag.READ_ONLY, OpenFlag.DIRECTORY));
            return new Parent(files, fd, path, listener, null);
        } catch (PosixException e) {
            throw new PosixException("open of its directory", e.errno(), child.display());
        }
    }

    OwnedFd fd() {
        return fd;
    }

    BytePath path() {
        return path;
    }

    String hiddenPrefix() {
        return hiddenPrefix;
    }

    /** Tells the listener that something moved. */
    void progressed() {
        listener.progressed();
    }

    boolean lacksTemporaryFiles() {
        return lacksTemporaryFiles;
    }

    void lacksTemporaryFiles(PosixException why) {
        lacksTemporaryFiles = true;
        listener.withoutTemporaryFiles(path, why);
    }

    /** The file of that name itself, a symbolic link not followed. */
    FileStatus statusOf(BytePath child) throws PosixException {
        return files.statusAt(fd, child.fileName().toBytes(), child);
    }

    boolean has(BytePath child) throws PosixException {
        try {
            FileStatus unused = statusOf(child);
            return true;
        } catch (PosixException e) {
            if (e.is(Errno.ENOENT)) {
                return false;
            }
            throw e;
        }
    }

    OwnedFd open(BytePath child, Set<OpenFlag> flags) throws PosixException {
        return files.openAt(fd, child.fileName().toBytes(), child, flags);
    }

    /** Makes names that appeared here or went durable. */
    void sync() throws PosixException {
        files.fsync(fd);
    }

    @Override
    public void close() {
        if (isOwned) {
            fd.close();
        }
    }
}
