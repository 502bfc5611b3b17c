// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import io.millrace.posix.BytePath;
import io.millrace.posix.Posix;
import io.millrace.posix.Roots;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/**
 * All pools of a service, each kept by a thread of its own. Any thread.
 *
 * <p>Every method that takes the name of a pool throws {@link IllegalArgumentException} where there is none.
 */
public final class Pools implements AutoCloseable {
    /**
     * @param state a directory for what has to outlive the process (the next number of each pool's names); exists
     */
    public Pools(Posix posix, BytePath state, PoolListener listener) {
        throw new UnsupportedOperationException(posix + "" + state + listener);
    }

    /** Makes these the pools: keeps what did not change, changes, adds, and lets go of the rest (their files stay). */
    public void apply(Collection<PoolSpec> specs) {
        throw new UnsupportedOperationException();
    }

    /** In the order of their names. */
    public List<PoolStatus> statuses() {
        throw new UnsupportedOperationException();
    }

    public PoolStatus status(String pool) {
        throw new UnsupportedOperationException();
    }

    /**
     * Takes a file and gives it another name, atomically and durably, and never in place of another: renameat2(2) with
     * RENAME_NOREPLACE.
     *
     * @param destination absolute, its parent below {@code roots}, on the pool's file system; a directory takes the file
     *     under the name that it has
     * @return what the file is called now
     * @throws IOException one line: no file is ready, EEXIST, EXDEV, outside of the roots
     */
    public BytePath claim(String pool, BytePath destination, Roots roots) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Looks at the directory and fills the pool now, whatever was to be waited for. Does not wait for the end. */
    public void refill(String pool) {
        throw new UnsupportedOperationException();
    }

    /** Changes how many files are kept, until the next {@link #apply} that changes the pool. Surplus files stay. */
    public void resize(String pool, int ready) {
        throw new UnsupportedOperationException();
    }

    /** Counts up while pools do their rounds, and stands still when one of them is stuck: for a watchdog. */
    public boolean isAlive() {
        throw new UnsupportedOperationException();
    }

    /** Ends the threads; what is half made is given back. Returns within about a second, or with the file under way. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
