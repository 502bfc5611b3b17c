// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.libc;

import java.lang.ref.Cleaner;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An open file descriptor; its owner must close it. Every descriptor here is opened close-on-exec.
 *
 * <p>Many threads may use it at once; {@link #close()} must come after the last use by any of them, since the kernel
 * reuses a closed number for the next open. Use after close throws {@link IllegalStateException}. With assertions on
 * (tests) a descriptor that was never closed is reported on standard error by a {@link Cleaner}, which only reports
 * and never closes.
 */
public final class OwnedFd implements AutoCloseable {
    private static final int CLOSED = -1;
    private static final @Nullable Cleaner LEAKS = OwnedFd.class.desiredAssertionStatus() ? Cleaner.create() : null;

    private final AtomicInteger number;
    private final Object subject;
    private final boolean borrowed;
    private final boolean noAtime;

    private OwnedFd(int number, Object subject, boolean borrowed, boolean noAtime) {
        this.number = new AtomicInteger(number);
        this.subject = subject;
        this.borrowed = borrowed;
        this.noAtime = noAtime;
        if (LEAKS != null && !borrowed) {
            LEAKS.register(this, new LeakReport(this.number, subject));
        }
    }

    /** {@code subject}: its name in error messages, usually a path; converted to text only when needed. */
    public static OwnedFd of(int number, Object subject) {
        return new OwnedFd(number, subject, false, false);
    }

    /** {@code flags}: those that it was opened with. */
    public static OwnedFd of(int number, Object subject, Set<OpenFlag> flags) {
        return new OwnedFd(number, subject, false, flags.contains(OpenFlag.NO_ATIME));
    }

    /** Descriptor 0. {@link #close()} leaves it open, because it belongs to the process. */
    public static OwnedFd standardInput() {
        return new OwnedFd(0, "standard input", true, false);
    }

    /** Descriptor 1. {@link #close()} leaves it open, because it belongs to the process. */
    public static OwnedFd standardOutput() {
        return new OwnedFd(1, "standard output", true, false);
    }

    /** Descriptor 2. {@link #close()} leaves it open, because it belongs to the process. */
    public static OwnedFd standardError() {
        return new OwnedFd(2, "standard error", true, false);
    }

    /** The number, for a system call of this package. */
    public int number() {
        int open = number.get();
        if (open == CLOSED) {
            throw new IllegalStateException(subject + " is closed");
        }
        return open;
    }

    /**
     * Whether it was opened with O_NOATIME, which the kernel grants only to the owner and to processes that may act as
     * the owner.
     */
    public boolean isNoAtime() {
        return noAtime;
    }

    /** Its name in messages. */
    public String subject() {
        return subject.toString();
    }

    /** The path by which this process can open the file again: {@code /proc/self/fd/N} (proc(5)). */
    public BytePath procPath() {
        return BytePath.of("/proc/self/fd/" + number());
    }

    /**
     * Closes it, once. Errors are not reported: Linux has released the number even on EINTR and EIO (close(2)), and a
     * caller that needs the data on the device has called fsync before.
     */
    @Override
    public void close() {
        int open = number.getAndSet(CLOSED);
        if (open != CLOSED && !borrowed) {
            int unused = LibC.close(open);
        }
    }

    private record LeakReport(AtomicInteger number, Object subject) implements Runnable {
        @Override
        public void run() {
            int open = number.get();
            if (open != CLOSED) {
                System.err.println("leaked: descriptor " + open + ", " + subject);
            }
        }
    }

    @Override
    public String toString() {
        return subject();
    }
}
