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

/** A directory in which files are to appear, open for as long as a batch takes. Owned by the batch's thread. */
public final class ParentDirectory implements AutoCloseable {
    /** How every hidden name of ours begins. */
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

    /** What a file has to be like before it is seen here. */
    public interface Measure {
        Measure NONE = made -> null;

        /** What is wrong with it, in words that follow its name; null where nothing is. */
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
     * A directory that stays its caller's and is not closed here.
     *
     * @param hiddenPrefix of the names that files have there while they are made, where O_TMPFILE is missing
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
     * Opens the directory of {@code child}, which errors name because it is what the caller knows. One that may be written
     * to and not read (a drop box, mode 0333) is opened as a place only (O_PATH, Linux 3.6), which fsync(2) does not take.
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

    /** What is wrong with a file that is about to be seen here; null where nothing is. */
    @Nullable String lack(OwnedFd made) throws PosixException {
        return measure.lack(files.status(made));
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
