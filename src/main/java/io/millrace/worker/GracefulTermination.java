// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import io.millrace.lifecycle.Failures;
import io.millrace.posix.Poll;
import io.millrace.posix.Posix;
import io.millrace.posix.ProcessSignal;
import io.millrace.posix.libc.PosixException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Terminates idle worker processes in parallel: closes stdin, then SIGTERM, then SIGKILL, and waits before each signal
 * up to the longest stop-timeout (re-read while waiting). {@link #close()} returns when no process is left. One
 * thread.
 */
final class GracefulTermination implements AutoCloseable {
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** Longest sleep before a shortened stop-timeout takes effect. */
    private static final long MAX_ASLEEP_NANOS = 100 * NANOS_PER_MILLI;

    private final Posix posix;
    private final boolean soon;
    private final List<Child> children = new ArrayList<>();
    private final List<Supplier<Duration>> timeouts = new ArrayList<>();

    /** {@code soon}: skips the wait after stdin is closed and sends SIGTERM at once. */
    GracefulTermination(Posix posix, boolean soon) {
        this.posix = posix;
        this.soon = soon;
    }

    void add(Child child, Supplier<Duration> stopTimeout) {
        children.add(child);
        timeouts.add(stopTimeout);
    }

    @Override
    public void close() throws PosixException {
        PosixException asking = null;
        try {
            children.forEach(child -> child.intake().end());
            if (!soon) {
                await();
            }
            for (Child child : children) {
                child.signal(ProcessSignal.TERMINATE);
                child.signal(ProcessSignal.CONTINUE);
            }
            await();
        } catch (PosixException e) {
            asking = e; // the next steps do not poll, and throw if they fail too
        }
        PosixException failure = null;
        for (Child child : children) {
            try {
                child.close();
            } catch (PosixException e) {
                failure = Failures.join(failure, e);
            }
        }
        if (failure != null) {
            throw asking == null ? failure : Failures.join(failure, asking);
        }
    }

    /** Waits until all have exited, and reads their last output. */
    private void await() throws PosixException {
        long began = System.nanoTime();
        long left = patienceNanos();
        while (children.stream().anyMatch(child -> !child.hasExited()) && left >= NANOS_PER_MILLI) {
            var polls = new ArrayList<Poll>();
            children.forEach(child -> child.addTo(polls, false));
            long wait = children.stream().mapToLong(Child::nanosUntilLook).min().orElse(MAX_ASLEEP_NANOS);
            wait = Math.min(Math.min(left, wait), MAX_ASLEEP_NANOS);
            var unused = posix.pipes().poll(polls, (int) (wait / NANOS_PER_MILLI));
            for (Child child : children) {
                child.see(bytes -> {});
            }
            left = began + patienceNanos() - System.nanoTime();
        }
    }

    private long patienceNanos() {
        return timeouts.stream()
                .mapToLong(timeout -> timeout.get().toNanos())
                .max()
                .orElse(0);
    }
}
