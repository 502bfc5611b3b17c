// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Opens files with O_NONBLOCK on which another process may hold a lease (fcntl(2), F_SETLEASE: file servers do). The
 * first open asks the holder to release it and fails with EAGAIN; without O_NONBLOCK it would block, and no signal to
 * this program could end that. Stateless; any thread.
 */
public final class LeaseBreak {
    /** The kernel revokes a lease after /proc/sys/fs/lease-break-time, which is 45 s by default. */
    private static final Duration MAX_WAIT = Duration.ofSeconds(60);

    private static final long FIRST_PAUSE_NANOS = 5_000_000;
    private static final long MAX_PAUSE_NANOS = 100_000_000;

    private LeaseBreak() {}

    /** One attempt, with O_NONBLOCK. */
    public interface Opening {
        OwnedFd open() throws PosixException;
    }

    /**
     * Opens a file and retries while a lease is held, for at most a minute. Any thread; an interrupt ends the wait.
     *
     * @param isCancelled ends the wait
     * @throws PosixException of the last attempt; EAGAIN if the lease was not released
     */
    public static OwnedFd await(Opening opening, BooleanSupplier isCancelled) throws PosixException {
        long deadline = System.nanoTime() + MAX_WAIT.toNanos();
        for (long pause = FIRST_PAUSE_NANOS; ; pause = Math.min(2 * pause, MAX_PAUSE_NANOS)) {
            try {
                return opening.open();
            } catch (PosixException e) {
                boolean isOver = System.nanoTime() - deadline >= 0
                        || isCancelled.getAsBoolean()
                        || Thread.currentThread().isInterrupted();
                if (!e.is(Errno.EAGAIN) || isOver) {
                    throw e;
                }
            }
            LockSupport.parkNanos(pause);
        }
    }
}
