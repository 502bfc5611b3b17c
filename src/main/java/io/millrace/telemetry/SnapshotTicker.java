// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.scan.job.ScanStatus;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records the rate of scans once per second and, while there are subscribers, takes one snapshot for all of them. It
 * owns one thread, which {@link #close} ends; any thread may subscribe.
 */
public final class SnapshotTicker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotTicker.class);
    private static final long BEAT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Supplier<ServiceSnapshot> source;
    private final Supplier<List<ScanStatus>> scans;
    private final ScanTotals totals;
    private final RateHistory history = new RateHistory();
    private final Thread thread = new Thread(this::run, "millrace-http-pulse");
    private int listeners;
    private long beats;
    private @Nullable Beat latest;
    private boolean closed;
    private boolean troubled;

    /**
     * @param number increases, with gaps for seconds without subscribers
     * @param done by all scans since the service started
     */
    public record Beat(long number, ServiceSnapshot snapshot, ScanTotals.Progress done, RateHistory.View history) {}

    /** @param scans the only statuses that are read each second while there are no subscribers */
    public SnapshotTicker(Supplier<ServiceSnapshot> source, Supplier<List<ScanStatus>> scans, ScanTotals totals) {
        this.source = source;
        this.scans = scans;
        this.totals = totals;
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** Takes a snapshot now, for a single request. */
    public Beat now() {
        ServiceSnapshot snapshot = source.get();
        return new Beat(0, snapshot, totals.sample(snapshot.scans()), history.view());
    }

    /** Adds a subscriber; {@link #leave} must follow. */
    public synchronized void join() {
        listeners++;
    }

    public synchronized void leave() {
        listeners--;
    }

    public synchronized int listeners() {
        return listeners;
    }

    /** Waits for a beat later than {@code number}; null if none came in time, or the ticker is closed. */
    public synchronized @Nullable Beat after(long number, long millis) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long left = until - System.nanoTime();
        while (!closed && (latest == null || latest.number() <= number) && left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = until - System.nanoTime();
        }
        Beat beat = latest;
        return beat == null || beat.number() <= number ? null : beat;
    }

    public synchronized boolean isClosed() {
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
        if (listeners() > 0) {
            ServiceSnapshot snapshot = source.get();
            ScanTotals.Progress done = note(snapshot.scans());
            tell(snapshot, done);
        } else {
            note(scans.get());
            forget();
        }
        troubled = false;
    }

    private ScanTotals.Progress note(List<ScanStatus> statuses) {
        ScanTotals.Progress done = totals.sample(statuses);
        history.add(Instant.now(), System.nanoTime(), done.readBytes(), done.deviceBytes());
        return done;
    }

    private synchronized void tell(ServiceSnapshot snapshot, ScanTotals.Progress done) {
        beats++;
        latest = new Beat(beats, snapshot, done, history.view());
        notifyAll();
    }

    /** Frees the snapshot, which holds up to a hundred scans; the next subscriber needs a new one anyway. */
    private synchronized void forget() {
        latest = null;
    }

    /** Logs the first failure until a snapshot succeeds again, because this would happen every second. */
    private void report(RuntimeException e) {
        if (!troubled) {
            LOG.warn("the status page is no longer updated", e);
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
