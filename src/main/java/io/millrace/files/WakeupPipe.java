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
 * Lets one thread wait in poll(2) until an event occurs in its directory, another thread wakes it, or a time-out
 * expires. Without descriptors it still waits, but reacts only to wake-ups. One thread waits and closes it, any thread
 * wakes it.
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
                throw new IllegalStateException(e); // cannot happen: both ends are ours and open
            }
        }
    }

    /**
     * @param watch a descriptor that is polled too; may be null
     * @return false if the time-out expired without an event
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

    /** Returns null if no pipe can be created, or the wake-up has happened already. */
    private synchronized @Nullable Pipe bell() {
        if (pipe == null) {
            try {
                pipe = posix.pipes().pipe(Set.of(PipeFlag.NONBLOCK));
            } catch (PosixException e) {
                return null; // the caller needs descriptors for its work, and reports EMFILE there
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
                continue; // drains 64 wake-ups per read
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
