// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import java.util.EnumSet;
import java.util.Set;

/**
 * Tells how a pool's state changes. Files that come and go let it change between filling and ready many times a second:
 * that is told once, trouble and its end always. The keeper's thread.
 */
final class PoolNews {
    private static final long SECOND = 1_000_000_000;
    private static final Set<PoolState> TROUBLE = EnumSet.of(PoolState.STARVED, PoolState.FAILED);

    private final PoolListener listener;
    private PoolState told = PoolState.FILLING;
    private long toldNanos = System.nanoTime() - SECOND;

    PoolNews(PoolListener listener) {
        this.listener = listener;
    }

    void tell(PoolStatus status) {
        told = status.state();
        toldNanos = System.nanoTime();
        listener.changed(status);
    }

    /** How long until this state may be told: 0 and less for now, very long where it is told already. */
    long waitNanos(PoolState now) {
        if (now == told) {
            return Long.MAX_VALUE;
        }
        return TROUBLE.contains(now) || TROUBLE.contains(told) ? 0 : toldNanos + SECOND - System.nanoTime();
    }
}
