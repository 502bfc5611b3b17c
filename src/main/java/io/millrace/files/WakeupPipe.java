// SPDX-License-Identifier: Apache-2.0
package io.millrace.files;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.millrace.posix.PipeCalls.Pipe;
import io.millrace.posix.PipeCalls.PipeFlag;
import io.millrace.posix.Poll;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a thread waits at, in poll(2), until something happens in its directory, another thread rings, or time is over.
 * Where there are no descriptors for it, it waits all the same, and hears only the ringing. One thread waits, any rings.
 */
public final class WakeupPipe implements AutoCloseable {
    private final Posix posix;

    @GuardedBy("this") private @Nullable Pipe pipe;

    @GuardedBy("this") private boolean isRung;

    public WakeupPipe(Posix posix) {
        this.posix = posix;
    }

    public synchronized void ring() {
        isRung = true;
        notifyAll();
        if (pipe != null) {
            try (var one = NativeBuffer.allocate(1)) {
                int unused = posix.io().writeNoWait(pipe.writeEnd(), one, 0, 1); // a full pipe wakes as well
            } catch (PosixException e) {
                throw new IllegalStateException(e); // both ends are ours and open
            }
        }
    }

    /**
     * @param watch that is waited at besides, if there is one
     * @return false where the time is over and nothing happened
     */
    public boolean await(@Nullable OwnedFd watch, long millis) throws PosixException, InterruptedException {
        Pipe bell = bell();
        if (bell == null) {
            sleep(millis);
            return true;
        }
        var polls = new ArrayList<Poll>();
        polls.add(Poll.forInput(bell.readEnd()));
        if (watch != null) {
            polls.add(Poll.forInput(watch));
        }
        int ready = posix.pipes().poll(polls, (int) millis);
        if (ready > 0 && polls.get(0).isReady()) {
            silence(bell);
        }
        return ready > 0;
    }

    /** Null where a pipe cannot be had, or it has rung already. */
    private synchronized @Nullable Pipe bell() {
        if (pipe == null) {
            try {
                pipe = posix.pipes().pipe(Set.of(PipeFlag.NONBLOCK));
            } catch (PosixException e) {
                return null; // whoever waits has more use for descriptors than to wait, and tells of their lack
            }
            return isRung ? null : pipe;
        }
        return pipe;
    }

    private synchronized void sleep(long millis) throws InterruptedException {
        if (!isRung && millis > 0) {
            TimeUnit.MILLISECONDS.timedWait(this, millis);
        }
        isRung = false;
    }

    private synchronized void silence(Pipe bell) throws PosixException {
        isRung = false;
        try (var all = NativeBuffer.allocate(64)) {
            while (posix.io().readNoWait(bell.readEnd(), all) > 0) {
                continue; // 64 rings at a time
            }
        }
    }

    @Override
    public synchronized void close() {
        if (pipe != null) {
            pipe.close();
            pipe = null;
        }
    }
}
