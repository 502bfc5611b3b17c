// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import io.millrace.posix.Poll;
import io.millrace.posix.Posix;
import io.millrace.posix.PosixException;
import io.millrace.posix.ProcessSignal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The end of processes that wait for files, all at the same time: the end of their input, then SIGTERM, then SIGKILL, each
 * after the longest stop-timeout. {@link #close()} returns when none is left.
 */
final class Farewell implements AutoCloseable {
    private final Posix posix;
    private final boolean soon;
    private final List<Child> children = new ArrayList<>();

    private Duration patience = Duration.ZERO;

    /** {@code soon}: without the time to end by themselves. */
    Farewell(Posix posix, boolean soon) {
        this.posix = posix;
        this.soon = soon;
    }

    void add(Child child, Duration stopTimeout) {
        children.add(child);
        patience = stopTimeout.compareTo(patience) > 0 ? stopTimeout : patience;
    }

    @Override
    public void close() throws PosixException {
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
            // Asking did not work; what follows does not ask, and throws where that fails too.
        }
        PosixException failure = null;
        for (Child child : children) {
            try {
                child.close();
            } catch (PosixException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Waits for all to exit, hearing what they say last. */
    private void await() throws PosixException {
        long deadline = System.nanoTime() + patience.toNanos();
        long left = patience.toMillis();
        while (children.stream().anyMatch(child -> !child.hasExited()) && left > 0) {
            var polls = new ArrayList<Poll>();
            children.forEach(child -> child.addTo(polls, false));
            var unused = posix.pipes().poll(polls, (int) Math.min(left, Integer.MAX_VALUE));
            for (Child child : children) {
                child.see(bytes -> {});
            }
            left = (deadline - System.nanoTime()) / 1_000_000;
        }
    }
}
