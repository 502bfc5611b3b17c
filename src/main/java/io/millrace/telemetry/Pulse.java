// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that beats once a second: notes the rate of scans, and while somebody listens makes one snapshot for all
 * of them. Any thread may listen.
 */
final class Pulse implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);
    private static final long BEAT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Supplier<Snapshot> source;
    private final ScanTotals totals;
    private final RateHistory history = new RateHistory();
    private final Thread thread = new Thread(this::run, "millrace-http-pulse");
    private int listeners;
    private long beats;
    private @Nullable Beat latest;
    private boolean closed;
    private boolean troubled;

    /**
     * @param number rises, with gaps for seconds in which nobody listened
     * @param done by all scans since the service started
     */
    record Beat(long number, Snapshot snapshot, ScanTotals.Progress done, RateHistory.View history) {}

    Pulse(Supplier<Snapshot> source, ScanTotals totals) {
        this.source = source;
        this.totals = totals;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Things as they are now, for a request of its own. */
    Beat now() {
        Snapshot snapshot = source.get();
        return new Beat(0, snapshot, totals.sample(snapshot.scans()), history.view());
    }

    /** To be followed by {@link #leave}. */
    synchronized void join() {
        listeners++;
    }

    synchronized void leave() {
        listeners--;
    }

    synchronized int listeners() {
        return listeners;
    }

    /** Waits for a beat after this one; null when none came in time, or none will come any more. */
    synchronized @Nullable Beat after(long number, long millis) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long left = until - System.nanoTime();
        while (!closed && (latest == null || latest.number() <= number) && left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = until - System.nanoTime();
        }
        Beat beat = latest;
        return beat == null || beat.number() <= number ? null : beat;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    private void run() {
        long due = System.nanoTime();
        while (awaitBeat(due)) {
            try {
                beat();
            } catch (RuntimeException e) {
                report(e);
            }
            due = Math.max(due + BEAT_NANOS, System.nanoTime());
        }
    }

    private void beat() {
        Snapshot snapshot = source.get();
        ScanTotals.Progress done = totals.sample(snapshot.scans());
        history.add(snapshot.at(), System.nanoTime(), done.bytes());
        synchronized (this) {
            beats++;
            // Kept no longer than somebody wants it: it holds a hundred scans.
            latest = listeners > 0 ? new Beat(beats, snapshot, done, history.view()) : null;
            notifyAll();
        }
        troubled = false;
    }

    /** Once, until it works again: this would come every second. */
    private void report(RuntimeException e) {
        if (!troubled) {
            LOG.warn("the status page stands still", e);
        }
        troubled = true;
    }

    private synchronized boolean awaitBeat(long due) {
        try {
            long left = due - System.nanoTime();
            while (!closed && left > 0) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
                left = due - System.nanoTime();
            }
        } catch (InterruptedException e) {
            closed = true;
        }
        return !closed;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
    }
}
