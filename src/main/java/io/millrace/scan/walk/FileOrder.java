// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.walk;

import io.millrace.posix.FileStatus;

/**
 * In which order the files below a path are read. {@link #NAME} goes through files and subdirectories alike, so that the
 * paths come in one order of their bytes. {@link #INODE}, {@link #SIZE} and {@link #OLDEST} sort the files of each
 * directory, and then go into its subdirectories, in the order of their names; where two files are equal, their names
 * decide.
 *
 * <p>Memory: {@link #NAME} remembers {@link #MAX_NAMES} entries of all directories on the way down together (some 100 bytes
 * each), and {@link #MIN_NAMES} of each at the least; what of a directory does not fit is left out and listed again when
 * the entries before it are done. The others remember one directory at a time and the names of the subdirectories on the
 * way down; a directory of more than {@link #MAX_SORTED} entries is read in pieces of that many, each sorted by itself.
 */
public enum FileOrder {
    /** As directories list them: no memory, however many files. */
    DIRECTORY(false),
    /** By the bytes of their paths, as strcmp(3) and {@code LC_ALL=C sort} compare them. */
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
    public static final int MAX_SORTED = 1_000_000;

    /** Entries of all directories on the way down that {@link #NAME} remembers. */
    static final int MAX_NAMES = 200_000;

    /** Entries of each directory that {@link #NAME} remembers at the least. */
    static final int MIN_NAMES = 1_000;

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
