// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import java.time.Duration;

/** Receives events of pools. Called by each pool's own thread, so several at a time; must not block. */
public interface PoolListener {
    /** Files were claimed. */
    default void claimed(String pool, long files) {}

    /** Files were created. */
    default void filled(String pool, int files, long bytes, Duration elapsed) {}

    /** The state has changed; {@code status} has the new state and the reason. */
    default void changed(PoolStatus status) {}

    /**
     * The directory contains an entry that does not belong to the pool and is ignored; reported once for each. One
     * line.
     */
    default void stranger(String pool, String why) {}

    /** The directory cannot be watched, and is scanned once a second instead; reported once. One line. */
    default void unwatched(String pool, String why) {}

    /** Another user can replace the directory; reported once. One line that says who. */
    default void onDirectoryExposed(String pool, String why) {}

    /** The path leads to another directory than before, which is filled from now on. One line. */
    default void onDirectoryReplaced(String pool, String what) {}
}
