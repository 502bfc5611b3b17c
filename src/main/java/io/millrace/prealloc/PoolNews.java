// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import io.millrace.posix.PosixException;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells how a pool's state changes. Files that come and go let it change between filling and ready many times a second:
 * that is told once, trouble and its end always. The keeper's thread.
 */
final class PoolNews {
    private static final long SECOND = 1_000_000_000;
    private static final Set<PoolState> TROUBLE = EnumSet.of(PoolState.STARVED, PoolState.FAILED);

    private final String pool;
    private final PoolListener listener;
    private PoolState told = PoolState.FILLING;
    private long toldNanos = System.nanoTime() - SECOND;
    private boolean isUnwatched;

    PoolNews(String pool, PoolListener listener) {
        this.pool = pool;
        this.listener = listener;
    }

    void tell(PoolStatus status) {
        told = status.state();
        toldNanos = System.nanoTime();
        listener.changed(status);
    }

    /** Why the directory is not watched; null where it is. */
    void watch(@Nullable PosixException lack) {
        if (lack != null && !isUnwatched) {
            listener.unwatched(pool, String.valueOf(lack.getMessage()));
        }
        isUnwatched = lack != null;
    }

    /** How long until this state may be told: 0 and less for now, very long where it is told already. */
    long waitNanos(PoolState now) {
        if (now == told) {
            return Long.MAX_VALUE;
        }
        return TROUBLE.contains(now) || TROUBLE.contains(told) ? 0 : toldNanos + SECOND - System.nanoTime();
    }
}
