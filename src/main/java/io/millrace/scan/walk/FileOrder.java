// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.walk;

import io.millrace.posix.FileStatus;

/**
 * The order in which the files below a path are read. {@link #NAME} sorts files and subdirectories together, so that
 * all paths come in byte order. {@link #INODE}, {@link #SIZE} and {@link #OLDEST} sort the files of each directory and
 * then visit its subdirectories in the order of their names; ties are broken by name.
 *
 * <p>Memory: {@link #NAME} keeps {@link #MAX_NAMES} entries of all open directories together (some 100 bytes each), and
 * at least {@link #MIN_NAMES} of each; entries of a directory that do not fit are listed again after the entries before
 * them were visited. The other sorted orders keep one directory at a time and the names of the subdirectories on the
 * path; a directory of more than {@link #MAX_SORTED} entries is read in pieces of that many, each sorted separately.
 */
public enum FileOrder {
    /** In the order in which directories list them; needs no memory, however many files there are. */
    DIRECTORY(false),
    /** By the bytes of their paths, as strcmp(3) and {@code LC_ALL=C sort} compare them. */
    NAME(false),
    /** Each directory's files by inode number, which on most file systems is their order on disk. */
    INODE(false),
    /** Each directory's files by size, largest first. Calls statx for each file. */
    SIZE(true) {
        @Override
        long rank(FileStatus status) {
            return -status.sizeBytes();
        }
    },
    /** Each directory's files by modification time, oldest first. Calls statx for each file. */
    OLDEST(true) {
        @Override
        long rank(FileStatus status) {
            return status.modifiedNanos();
        }
    };

    /** Maximum number of entries of one directory that are sorted together. */
    public static final int MAX_SORTED = 1_000_000;

    /** Maximum number of entries of all open directories that {@link #NAME} keeps. */
    static final int MAX_NAMES = 200_000;

    /** Minimum number of entries of each directory that {@link #NAME} keeps. */
    static final int MIN_NAMES = 1_000;

    private final boolean byStatus;

    FileOrder(boolean byStatus) {
        this.byStatus = byStatus;
    }

    boolean isSorted() {
        return this != DIRECTORY;
    }

    /** Whether the sort key needs the file's status. */
    boolean isByStatus() {
        return byStatus;
    }

    /** Returns the sort key; lowest first. */
    long rank(FileStatus status) {
        return 0;
    }
}
