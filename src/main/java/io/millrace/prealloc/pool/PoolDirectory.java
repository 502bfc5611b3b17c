// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import io.millrace.posix.FileStatus;
import io.millrace.posix.FileSystemStatus;
import io.millrace.posix.InotifyEvent.Change;
import io.millrace.posix.InotifyEvent;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import io.millrace.prealloc.Reserve;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The directory that a pool's path currently leads to, and its inotify watch. It is open only while the keeper works
 * in it, so that its file system can be unmounted; the watch alone does not prevent that. One thread, which closes it.
 */
final class PoolDirectory implements AutoCloseable {
    private static final Set<Change> CHANGES =
            EnumSet.complementOf(EnumSet.of(Change.OVERFLOWED, Change.UNMOUNTED, Change.IGNORED));

    /**
     * The open directory.
     *
     * @param isReplaced whether it is another directory than at the last visit
     * @param isNew whether nothing is known of its content: it was replaced, this is the first visit, or there was no
     *     watch
     */
    record Visit(OwnedFd fd, FileStatus status, FileSystemStatus fileSystem, boolean isReplaced, boolean isNew)
            implements AutoCloseable {
        @Override
        public void close() {
            fd.close();
        }

        /** Bytes that may be allocated without crossing the reserve; empty if the file system reports no free space. */
        OptionalLong roomBytes(Reserve reserve) {
            return space(reserve)
                    .map(space -> OptionalLong.of(space.roomBytes()))
                    .orElse(OptionalLong.empty());
        }

        /** Empty if the file system reports no free space. */
        Optional<PoolSnapshot.Space> space(Reserve reserve) {
            return fileSystem.totalBytes() > 0
                    ? Optional.of(new PoolSnapshot.Space(fileSystem.availableBytes(), reserve.floorBytes(fileSystem)))
                    : Optional.empty();
        }
    }

    private final Posix posix;
    private final BytePath path;
    private @Nullable OwnedFd watch;
    private boolean isOver;
    private @Nullable FileStatus known;
    private @Nullable FileSystemStatus knownFileSystem;
    private @Nullable PosixException unwatched;

    PoolDirectory(Posix posix, BytePath path) {
        this.posix = posix;
        this.path = path;
    }

    /**
     * Opens the directory. An unmount uncovers the directory below, which must not be filled: another file system than
     * before is refused unless {@code acceptsAnother}.
     */
    Visit enter(boolean acceptsAnother) throws IOException {
        boolean isEntered = false;
        try {
            Visit visit = open(acceptsAnother);
            isEntered = true;
            return visit;
        } finally {
            isOver |= !isEntered; // events before the next successful visit are lost
        }
    }

    private Visit open(boolean acceptsAnother) throws IOException {
        OwnedFd fd = posix.files().open(path, Set.of(OpenFlag.READ_ONLY, OpenFlag.DIRECTORY));
        try {
            FileStatus status = posix.files().status(fd);
            FileSystemStatus fileSystem = posix.files().fileSystem(fd);
            if (status.links() == 0) {
                throw new PosixException("open", Errno.ENOENT, path); // the directory was removed
            }
            if (!acceptsAnother) {
                refuseAnother(status, fileSystem);
            }
            boolean isReplaced = known != null && !known.isSameFileAs(status);
            boolean isNew = known == null || isReplaced || isOver;
            known = status;
            knownFileSystem = fileSystem;
            if (isNew || watch == null) {
                isNew |= watchOver(fd);
            }
            return new Visit(fd, status, fileSystem, isReplaced, isNew);
        } catch (IOException | RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    private void refuseAnother(FileStatus status, FileSystemStatus fileSystem) throws IOException {
        FileSystemStatus before = knownFileSystem;
        if (known == null || before == null || known.device() == status.device()) {
            return;
        }
        if (before.magic() != fileSystem.magic() || before.totalBytes() != fileSystem.totalBytes()) {
            throw new IOException(path.display() + ": is on another file system now (" + status.deviceName()
                    + ", it was " + known.deviceName() + "): mount that again, or ask for a refill to go on here");
        }
    }

    /** Adds the watch; returns whether there is one now. */
    private boolean watchOver(OwnedFd fd) {
        endWatch();
        try {
            watch = posix.watches().inotify();
            int unused = posix.watches().watch(watch, fd, CHANGES);
            unwatched = null;
            return true;
        } catch (PosixException e) {
            endWatch();
            unwatched = e;
            return false;
        }
    }

    private void endWatch() {
        if (watch != null) {
            watch.close();
            watch = null;
        }
        isOver = false;
    }

    /**
     * Whether the path still leads to the watched directory: a watch follows the directory and not its path, so no
     * event reports that the path leads elsewhere. One system call.
     */
    boolean isWhereItWas() {
        try {
            return known != null
                    && watch != null
                    && known.isSameFileAs(posix.files().status(path));
        } catch (PosixException e) {
            return false; // opening it will report the error
        }
    }

    /** The descriptor to poll; null if there is no watch, and the directory must be scanned periodically. */
    @Nullable OwnedFd watch() {
        return watch;
    }

    /** Why there is no watch; null if there is one. */
    @Nullable PosixException unwatched() {
        return unwatched;
    }

    /** Returns events since the last call, not necessarily all. */
    List<InotifyEvent> events() throws PosixException {
        if (watch == null) {
            return List.of();
        }
        List<InotifyEvent> events = posix.watches().events(watch);
        isOver |= events.stream().anyMatch(event -> event.changes().contains(Change.IGNORED));
        return events;
    }

    @Override
    public void close() {
        endWatch();
    }
}
