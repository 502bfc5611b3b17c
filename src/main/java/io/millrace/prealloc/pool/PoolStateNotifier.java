// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import io.millrace.files.TrustedPath;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.PosixException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells how a pool's state changes. Files that come and go let it change between filling and ready many times a second:
 * that is told once, trouble and its end always, but no more than {@link #MAX_CHANGES} in a minute. The keeper's thread.
 */
final class PoolStateNotifier {
    private static final long SECOND = 1_000_000_000;
    private static final long MINUTE = 60 * SECOND;
    private static final int MAX_CHANGES = 20;

    private final String pool;
    private final PoolListener listener;
    private PoolState told = PoolState.FILLING;
    private long toldNanos = System.nanoTime() - SECOND;
    private long minuteNanos = System.nanoTime();
    private int changes;
    private boolean isUnwatched;
    private final Posix posix;
    private Optional<String> exposed = Optional.empty();

    PoolStateNotifier(String pool, PoolListener listener, Posix posix) {
        this.pool = pool;
        this.listener = listener;
        this.posix = posix;
    }

    void tell(PoolStatus status) {
        told = status.state();
        toldNanos = System.nanoTime();
        if (toldNanos - minuteNanos >= MINUTE) {
            minuteNanos = toldNanos;
            changes = 0;
        }
        changes++;
        listener.changed(status);
    }

    /** A directory of which nothing is known yet. */
    void directory(BytePath path, PoolDirectory.Visit visit) {
        if (visit.isReplaced()) {
            listener.onDirectoryReplaced(
                    pool,
                    path.display() + ": is another directory now (inode "
                            + visit.status().inode() + " on device "
                            + visit.status().deviceName() + ")");
        }
        Optional<String> who = TrustedPath.exposure(posix, path);
        if (who.isPresent() && !who.equals(exposed)) {
            listener.onDirectoryExposed(pool, who.get());
        }
        exposed = who;
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
        long nanos = System.nanoTime();
        if (changes >= MAX_CHANGES && minuteNanos + MINUTE - nanos > 0) {
            return minuteNanos + MINUTE - nanos;
        }
        return now.isTrouble() || told.isTrouble() ? 0 : toldNanos + SECOND - nanos;
    }
}
