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
 * The end of processes that wait for files, all at the same time: the end of their input, then SIGTERM, then SIGKILL, each
 * after the longest stop-timeout, as it is by then. {@link #close()} returns when none is left.
 */
final class GracefulTermination implements AutoCloseable {
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** How soon a shorter stop-timeout is heard of. */
    private static final long MAX_ASLEEP_NANOS = 100 * NANOS_PER_MILLI;

    private final Posix posix;
    private final boolean soon;
    private final List<Child> children = new ArrayList<>();
    private final List<Supplier<Duration>> timeouts = new ArrayList<>();

    /** {@code soon}: without the time to end by themselves. */
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
            asking = e; // what follows does not ask, and throws where that fails too
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

    /** Waits for all to exit, hearing what they say last. */
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
