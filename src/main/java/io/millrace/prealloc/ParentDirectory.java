// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import io.millrace.posix.FileCalls;
import io.millrace.posix.FileStatus;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A directory in which files are created, open for the duration of a batch. Owned by the batch's thread, which closes
 * it.
 */
public final class ParentDirectory implements AutoCloseable {
    /** Prefix of every hidden name that this program creates. */
    public static final String HIDDEN_PREFIX = ".millrace-";

    private final FileCalls files;
    private final OwnedFd fd;
    private final BytePath path;
    private final AllocationListener listener;
    private final String hiddenPrefix;
    private final Measure measure;
    private final boolean isOwned;
    private boolean lacksTemporaryFiles;
    private boolean isUnreadable;

    /** A check that a file must pass before it becomes visible in the directory. */
    public interface Measure {
        Measure NONE = made -> null;

        /** Returns what is wrong with the file, as a text that follows its name; null if nothing is. */
        @Nullable String lack(FileStatus made);
    }

    private ParentDirectory(
            FileCalls files,
            OwnedFd fd,
            BytePath path,
            AllocationListener listener,
            String hiddenPrefix,
            Measure measure,
            boolean isOwned) {
        this.files = files;
        this.fd = fd;
        this.path = path;
        this.listener = listener;
        this.hiddenPrefix = hiddenPrefix;
        this.measure = measure;
        this.isOwned = isOwned;
    }

    /**
     * Creates one over a descriptor that stays the caller's and is not closed here.
     *
     * @param hiddenPrefix prefix of the temporary names if O_TMPFILE is not supported
     */
    public static ParentDirectory borrowed(
            FileCalls files,
            OwnedFd fd,
            BytePath path,
            AllocationListener listener,
            String hiddenPrefix,
            Measure measure) {
        return new ParentDirectory(files, fd, path, listener, hiddenPrefix, measure, false);
    }

    /**
     * Opens the directory of {@code child}; errors name the child because that is what the caller knows. A directory
     * that is writable but not readable (a drop box, mode 0333) is opened with O_PATH (Linux 3.6), which fsync(2) does
     * not accept.
     */
    static ParentDirectory of(FileCalls files, BytePath child, AllocationListener listener) throws PosixException {
        BytePath path = child.parent();
        try {
            try {
                OwnedFd fd = files.open(path, Set.of(OpenFlag.READ_ONLY, OpenFlag.DIRECTORY));
                return new ParentDirectory(files, fd, path, listener, HIDDEN_PREFIX, Measure.NONE, true);
            } catch (PosixException e) {
                if (!e.is(Errno.EACCES)) {
                    throw e;
                }
                OwnedFd fd = files.open(path, Set.of(OpenFlag.PATH, OpenFlag.DIRECTORY));
                var dropBox = new ParentDirectory(files, fd, path, listener, HIDDEN_PREFIX, Measure.NONE, true);
                dropBox.isUnreadable = true;
                return dropBox;
            }
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

    /** Returns what is wrong with a file that is about to become visible; null if nothing is. */
    @Nullable String lack(OwnedFd made) throws PosixException {
        return measure.lack(files.status(made));
    }

    /** Reports progress to the listener. */
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

    /** Returns the status of the named file itself; a symbolic link is not followed. */
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

    /** Makes the names that were created here durable. */
    void sync() throws PosixException {
        if (isUnreadable) {
            listener.onNameNotSynced(path);
            return;
        }
        files.fsync(fd);
    }

    @Override
    public void close() {
        if (isOwned) {
            fd.close();
        }
    }
}
