// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import java.time.Duration;

/** Hears of pools. Called by each pool's own thread, so several at a time; must not wait. */
public interface PoolListener {
    /** Files were taken. */
    default void claimed(String pool, long files) {}

    /** Files were made ready. */
    default void filled(String pool, int files, long bytes, Duration elapsed) {}

    /** Its state is another now; {@code status} tells which, and why. */
    default void changed(PoolStatus status) {}

    /** Something in the directory is none of the pool's and is left alone; told once for each. One line. */
    default void stranger(String pool, String why) {}

    /** Its directory cannot be watched, and so it is looked at once a second; told once. One line. */
    default void unwatched(String pool, String why) {}

    /** Somebody else may exchange its directory; told once. One line that says who. */
    default void onDirectoryExposed(String pool, String why) {}

    /** The path of its directory leads to another one than before, which is filled from now on. One line. */
    default void onDirectoryReplaced(String pool, String what) {}
}
