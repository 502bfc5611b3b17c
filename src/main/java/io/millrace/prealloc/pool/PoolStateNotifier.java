// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import io.millrace.files.TrustedPath;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.PosixException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reports state changes of a pool to the listener. Claims and refills may switch it between filling and ready many
 * times a second: these changes are coalesced. Trouble and its end are always reported, but at most
 * {@link #MAX_CHANGES} changes in a minute. The keeper's thread.
 */
final class PoolStateNotifier {
    private static final long SECOND = 1_000_000_000;
    private static final long MINUTE = 60 * SECOND;
    private static final int MAX_CHANGES = 20;

    private final String pool;
    private final PoolListener listener;
    private PoolState reported = PoolState.FILLING;
    private long reportedNanos = System.nanoTime() - SECOND;
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
        reported = status.state();
        reportedNanos = System.nanoTime();
        if (reportedNanos - minuteNanos >= MINUTE) {
            minuteNanos = reportedNanos;
            changes = 0;
        }
        changes++;
        listener.changed(status);
    }

    /** Called for a directory of which nothing is known yet. */
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

    /** Called with the reason why the directory is not watched; null if it is. */
    void watch(@Nullable PosixException lack) {
        if (lack != null && !isUnwatched) {
            listener.unwatched(pool, String.valueOf(lack.getMessage()));
        }
        isUnwatched = lack != null;
    }

    /**
     * Time until this state may be reported: 0 or less means now, a very long time means that it was reported already.
     */
    long waitNanos(PoolState now) {
        if (now == reported) {
            return Long.MAX_VALUE;
        }
        long nanos = System.nanoTime();
        if (changes >= MAX_CHANGES && minuteNanos + MINUTE - nanos > 0) {
            return minuteNanos + MINUTE - nanos;
        }
        return now.isTrouble() || reported.isTrouble() ? 0 : reportedNanos + SECOND - nanos;
    }
}
