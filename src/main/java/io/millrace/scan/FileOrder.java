// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

/** In which order a source's files are read. */
public enum FileOrder {
    /** As directories list them: no memory, however many files. */
    DIRECTORY,
    /** By their bytes, within each directory. */
    NAME,
    /** Each directory's files by inode number, which on most file systems is how they lie on the disk. */
    INODE,
    /** Each directory's files by size, the largest first. */
    SIZE,
    /** Each directory's files by time of modification, the oldest first. */
    OLDEST
}
