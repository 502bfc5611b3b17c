// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import io.millrace.files.Roots;
import io.millrace.posix.libc.BytePath;
import java.io.IOException;
import java.util.List;

/**
 * The requests that pools accept. Any thread.
 *
 * <p>Every method that takes the name of a pool throws {@link IllegalArgumentException} if there is none.
 */
public interface PoolControl {
    /** Ordered by name. */
    List<PoolStatus> statuses();

    PoolStatus status(String pool);

    /**
     * Claims a file: renames it atomically and durably, and never replaces another file (renameat2(2) with
     * RENAME_NOREPLACE).
     *
     * @param destination absolute, below {@code roots} with no link on the way, on the pool's file system and not in
     *     the pool itself: a new name, or a directory, in which the file keeps its name
     * @return the new path of the file
     * @throws IOException one line: no file is ready, EEXIST, EXDEV, outside of the roots; if a directory could not be
     *     synced (the call is fsync), the file has its new name all the same, and a power failure may undo that
     */
    BytePath claim(String pool, BytePath destination, Roots roots) throws IOException;

    /**
     * Scans the directory and fills the pool now, without waiting for the next retry, even if the directory is on
     * another file system than before. Does not wait until the pool is full.
     */
    void refill(String pool);

    /**
     * Changes the number of files that are kept, until a reload that changes the pool. Surplus files stay. Throws
     * {@link IllegalArgumentException} outside 0 to {@link PoolSpec#MAX_READY}.
     */
    void resize(String pool, int ready);
}
