// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.schedule;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.scan.ScanSummary;
import io.millrace.scan.job.ScanRequest;
import io.millrace.scan.job.ScanService;
import io.millrace.scan.job.ScanServiceListener;
import io.millrace.scan.job.ScanState;
import io.millrace.scan.job.ScanStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scans each source of a service when it is due, and never twice at the same time. A run that was missed while the
 * service was down, or that the stop of the service ended, is made up for once. Any thread; the service that created it
 * closes it.
 *
 * <p>Its thread {@code millrace-sources} sleeps until the next run is due, but checks the clock at least once a minute
 * because it may have been changed. A run that is due while the previous one is active is skipped, and the status of
 * the source says so; a run that could not be started is retried a minute later. The file {@code sources} of the state
 * directory records, for configured sources only, when runs started, ended and last succeeded, and since when a cron
 * line applies. If the file cannot be written, that is logged and retried.
 */
public final class SourceScheduler implements SourceControl, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SourceScheduler.class);
    private static final Duration MAX_ASLEEP = Duration.ofMinutes(1);
    private static final long MAX_CLOSING_MILLIS = 2_000;

    /** Starts scans. */
    interface Starter {
        /** Like {@link ScanService#start}. */
        String start(ScanRequest request);
    }

    private final Starter starter;
    private final Clock clock;
    private final RunHistory file;

    @GuardedBy("this") private final SourceTable timetable;

    @GuardedBy("this") private @Nullable Thread thread;

    /** Whether there is work to check before the next sleep. */
    @GuardedBy("this") private boolean woken;

    @GuardedBy("this") private boolean unsaved;

    @GuardedBy("this") private boolean closed;

    /** @param state an existing directory for data that survives restarts: when each source was last run */
    public SourceScheduler(Posix posix, BytePath state, ScanService scans) {
        this(posix, state, scans::start, Clock.systemDefaultZone());
    }

    SourceScheduler(Posix posix, BytePath state, Starter starter, Clock clock) {
        this.starter = starter;
        this.clock = clock;
        this.file = new RunHistory(posix, state);
        this.timetable = new SourceTable(file.read(), clock.getZone());
    }

    /**
     * Replaces the sources and starts to follow their schedules. An active run of a removed source continues to its
     * end. Sources that are to run at the start of the service do so after the first call. A new cron line applies from
     * now on; a new period counts from the last run.
     *
     * @throws IllegalArgumentException if two sources have the same name; nothing is changed then
     */
    public synchronized void apply(Collection<SourceSpec> specs) {
        boolean first = thread == null;
        timetable.apply(specs, first, clock.instant());
        unsaved = true;
        wake();
        if (first && !closed) {
            var keeper = new Thread(this::run, "millrace-sources");
            keeper.setDaemon(true); // a hanging disk must not keep the process alive
            keeper.start();
            thread = keeper;
        }
    }

    @Override
    public synchronized List<SourceStatus> statuses() {
        return timetable.statuses();
    }

    @Override
    public String start(String name) {
        ScheduledSource source;
        synchronized (this) {
            source = timetable.present(name);
            if (closed) {
                throw new IllegalStateException(name + ": the service is stopping");
            }
            if (source.isBusy()) {
                String by = source.activeScan().map(id -> " by " + id).orElse("");
                throw new IllegalStateException(name + ": is being scanned already" + by);
            }
            source.starting();
        }
        return begin(source, false);
    }

    /** Must be called without the lock, because the scan may end, and report that, before its start returns. */
    private String begin(ScheduledSource source, boolean due) {
        ScanRequest what;
        synchronized (this) {
            what = source.spec().what();
        }
        try {
            String id = starter.start(what);
            synchronized (this) {
                source.began(id, clock.instant());
                timetable.forgetIfGone(source);
                unsaved = true;
                wake();
            }
            return id;
        } catch (RuntimeException | Error e) { // no thread or memory: it would count as busy forever
            synchronized (this) {
                if (source.couldNotBegin(String.valueOf(e.getMessage()), due, clock.instant()) && due) {
                    LOG.warn(
                            "source {}: could not begin, and is tried again: {}",
                            source.spec().name(),
                            e.getMessage());
                }
                timetable.forgetIfGone(source);
                wake();
            }
            throw e;
        }
    }

    /**
     * Returns a listener to which {@link ScanServiceListener#ended} of the service must be forwarded for every scan.
     */
    public ScanServiceListener scanListener() {
        return new ScanServiceListener() {
            @Override
            public void ended(ScanStatus status, Optional<ScanSummary> summary) {
                SourceScheduler.this.ended(status, summary);
            }
        };
    }

    private void ended(ScanStatus status, Optional<ScanSummary> summary) {
        boolean late;
        synchronized (this) {
            ScheduledSource source = status.source().flatMap(timetable::find).orElse(null);
            if (source == null) {
                return;
            }
            Optional<String> before = source.problem();
            source.ended(status, summary, clock.instant(), closed && status.state() == ScanState.CANCELLED);
            if (summary.filter(ScanSummary::isGood).isPresent()) { // otherwise the failed scan was logged already
                source.problem()
                        .ifPresent(
                                why -> LOG.warn("source {}: {}", source.spec().name(), why));
            }
            if (source.problem().isEmpty()) {
                before.ifPresent(why -> LOG.info(
                        "source {}: good again; before: {}", source.spec().name(), why));
            }
            timetable.forgetIfGone(source);
            unsaved = true;
            late = closed;
            wake();
        }
        if (late) {
            save(); // the thread has ended
        }
    }

    /** Makes the thread check the clock and the sources soon. */
    synchronized void wake() {
        woken = true;
        notifyAll();
    }

    private void run() {
        boolean more = true;
        while (more) {
            for (ScheduledSource source : due()) {
                try {
                    String unused = begin(source, true);
                } catch (RuntimeException | Error e) {
                    continue; // the status and the log contain it, and the run is retried
                }
            }
            save();
            more = sleep();
        }
        save();
    }

    private synchronized List<ScheduledSource> due() {
        woken = false;
        return closed ? List.of() : timetable.takeDue(clock.instant());
    }

    private synchronized boolean sleep() {
        Instant now = clock.instant();
        Instant wakeAt = timetable.firstDueBefore(now.plus(MAX_ASLEEP));
        if (!woken && !closed) {
            try {
                wait(Math.max(1, Duration.between(now, wakeAt).toMillis()));
            } catch (InterruptedException e) {
                closed = true; // an interrupt ends this thread
            }
        }
        return !closed;
    }

    private void save() {
        synchronized (file) {
            Map<String, RunHistory.Times> times;
            synchronized (this) {
                if (!unsaved) {
                    return;
                }
                unsaved = false;
                times = timetable.times();
            }
            if (!file.save(times)) {
                synchronized (this) {
                    unsaved = true;
                }
            }
        }
    }

    /** Stops starting runs, and waits up to 2 s for the thread to write the file. */
    @Override
    public void close() {
        Thread keeper;
        synchronized (this) {
            closed = true;
            wake();
            keeper = thread;
        }
        if (keeper == null) {
            return;
        }
        try {
            keeper.join(MAX_CLOSING_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (keeper.isAlive()) {
            LOG.warn("when sources were last run could not be written in time");
        }
    }
}
