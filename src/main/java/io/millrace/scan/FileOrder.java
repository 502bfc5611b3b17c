// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.posix.FileStatus;

/**
 * In which order a source's files are read. All but {@link #DIRECTORY} sort the files of each directory, and then go into
 * its subdirectories, in the order of their names. They remember one directory at a time, about 100 bytes a file, and the
 * names of the subdirectories on the way down; a directory of more than {@link #MOST_SORTED} entries is read in pieces of
 * that many, each sorted by itself. Where two files are equal, their names decide.
 */
public enum FileOrder {
    /** As directories list them: no memory, however many files. */
    DIRECTORY(false),
    /** By their bytes, within each directory. */
    NAME(false),
    /** Each directory's files by inode number, which on most file systems is how they lie on the disk. */
    INODE(false),
    /** Each directory's files by size, the largest first. Asks for the status of each. */
    SIZE(true) {
        @Override
        long rank(FileStatus status) {
            return -status.sizeBytes();
        }
    },
    /** Each directory's files by time of modification, the oldest first. Asks for the status of each. */
    OLDEST(true) {
        @Override
        long rank(FileStatus status) {
            return status.modifiedNanos();
        }
    };

    /** Entries of one directory that are sorted together. */
    public static final int MOST_SORTED = 1_000_000;

    private final boolean byStatus;

    FileOrder(boolean byStatus) {
        this.byStatus = byStatus;
    }

    boolean isSorted() {
        return this != DIRECTORY;
    }

    /** Whether files are sorted by what only their status tells. */
    boolean isByStatus() {
        return byStatus;
    }

    /** By which files are sorted, the lowest first. */
    long rank(FileStatus status) {
        return 0;
    }
}
