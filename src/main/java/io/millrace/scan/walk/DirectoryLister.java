// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.walk;

import io.millrace.posix.Directory;
import io.millrace.posix.FileStatus;
import io.millrace.posix.FileType;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.PosixException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists directories for a walk and decides which entries are visited. Used under the lock of the walk. */
final class DirectoryLister {
    private final Posix posix;
    private final FilterMatcher filter;
    private final FileOrder order;
    private final int maxSorted;
    private long symbolicLinks;
    private long specialFiles;
    private long filtered;

    DirectoryLister(Posix posix, FileFilter filter, FileOrder order, int maxSorted) {
        this.posix = posix;
        this.filter = filter.matcher();
        this.order = order;
        this.maxSorted = maxSorted;
    }

    /** Returns the entries that were skipped so far; {@code otherFileSystems}: mounts that the walk skipped. */
    Skipped skipped(long otherFileSystems) {
        return new Skipped(symbolicLinks, specialFiles, filtered, otherFileSystems);
    }

    /**
     * Adds the entries of one getdents call to a directory frame, and completes the piece if it is large enough. With
     * order NAME a piece is complete at the end of the directory, which is then listed again for entries that did not
     * fit.
     */
    void read(DirectoryFrame level) throws PosixException {
        List<Directory.Entry> batch = level.directory().get().nextBatch();
        if (batch == null) {
            if (level.endPass()) {
                level.directory().get().rewind();
            }
            return;
        }
        for (Directory.Entry entry : batch) {
            judge(level, entry);
        }
        if (order == FileOrder.NAME) {
            level.trim();
        } else if (!order.isSorted() || level.size() >= maxSorted) {
            level.complete();
        }
    }

    private void judge(DirectoryFrame level, Directory.Entry entry) {
        FileType type = entry.type();
        @Nullable FileStatus status = null;
        if (type == FileType.UNKNOWN) {
            try {
                status = status(level, entry);
                type = status.type();
            } catch (PosixException e) {
                level.add(new DirectoryFrame.Item(entry.name(), 0, String.valueOf(e.getMessage())));
                return;
            }
        }
        if (type == FileType.SYMLINK) {
            symbolicLinks += level.isFirstPass() ? 1 : 0;
        } else if (type != FileType.REGULAR && type != FileType.DIRECTORY) {
            specialFiles += level.isFirstPass() ? 1 : 0;
        } else if (!admits(level, entry, type)) {
            filtered += level.isFirstPass() ? 1 : 0;
        } else if (type == FileType.REGULAR) {
            level.add(new DirectoryFrame.Item(entry.name(), rank(level, entry, status), null));
        } else {
            level.addSubdirectory(entry.name());
        }
    }

    private boolean admits(DirectoryFrame level, Directory.Entry entry, FileType type) {
        if (filter.isEmpty()) {
            return true;
        }
        byte[] path = path(level, entry).toBytes();
        int name = path.length - entry.name().length;
        return type == FileType.REGULAR
                ? filter.admitsFile(path, level.below(), name)
                : filter.admitsDirectory(path, level.below(), name);
    }

    private long rank(DirectoryFrame level, Directory.Entry entry, @Nullable FileStatus known) {
        if (order == FileOrder.INODE) {
            return entry.inode() + Long.MIN_VALUE; // maps unsigned order to signed order
        }
        if (!order.isByStatus()) {
            return 0;
        }
        try {
            return order.rank(known != null ? known : status(level, entry));
        } catch (PosixException e) {
            return 0; // the open will report the error
        }
    }

    private FileStatus status(DirectoryFrame level, Directory.Entry entry) throws PosixException {
        return posix.files().statusAt(level.directory().get().fd(), entry.name(), path(level, entry));
    }

    private static BytePath path(DirectoryFrame level, Directory.Entry entry) {
        return level.directory().get().path().resolve(entry.name());
    }
}
