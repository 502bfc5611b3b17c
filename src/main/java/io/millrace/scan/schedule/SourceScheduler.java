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
 * The sources of a service, each scanned when it is due, never twice at a time; a run that was missed while the service
 * was down, or cut short by its end, is made up for once. Any thread.
 *
 * <p>A thread of its own, {@code millrace-sources}, sleeps until the next run is due and looks at the clock once a minute
 * at least, which may have been set. A run that is due while the one before is under way is left out, and its source
 * says so; one that could not begin is tried again a minute later. When runs began, ended, and last ended well, and since
 * when a cron line is followed, is kept in the file {@code sources} of the state directory, of present sources alone; if it
 * cannot be written, that is logged, and tried again.
 */
public final class SourceScheduler implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SourceScheduler.class);
    private static final Duration MAX_ASLEEP = Duration.ofMinutes(1);
    private static final long MAX_CLOSING_MILLIS = 2_000;

    /** What begins scans. */
    interface Starter {
        /** As {@link ScanService#start}. */
        String start(ScanRequest request);
    }

    private final Starter starter;
    private final Clock clock;
    private final RunHistory file;

    @GuardedBy("this") private final SourceTable timetable;

    @GuardedBy("this") private @Nullable Thread thread;

    /** Whether there is something to look at before the next sleep. */
    @GuardedBy("this") private boolean woken;

    @GuardedBy("this") private boolean unsaved;

    @GuardedBy("this") private boolean closed;

    /** @param state a directory for what has to outlive the process: when each source was last run; exists */
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
     * Makes these the sources, and begins to keep their schedules. A run under way of one that is gone ends by itself.
     * What is to run at the start of the service does so with the first call. A new cron line is followed from now on;
     * a new period counts from the last run.
     *
     * @throws IllegalArgumentException where two have one name; nothing is changed then
     */
    public synchronized void apply(Collection<SourceSpec> specs) {
        boolean first = thread == null;
        timetable.apply(specs, first, clock.instant());
        unsaved = true;
        wake();
        if (first && !closed) {
            var keeper = new Thread(this::run, "millrace-sources");
            keeper.setDaemon(true); // a disk that hangs must not keep the process
            keeper.start();
            thread = keeper;
        }
    }

    /** In the order of their names. */
    public synchronized List<SourceStatus> statuses() {
        return timetable.statuses();
    }

    /**
     * Runs a source now. Whatever keeps the scan from beginning is thrown as {@link ScanService#start} throws it.
     *
     * @return the id of the scan
     * @throws IllegalArgumentException where there is no such source
     * @throws IllegalStateException where it is being scanned already, or the service stops
     */
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

    /** Not under the lock: the scan may end, and say so, before its start returns. */
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
        } catch (RuntimeException | Error e) { // no thread, no memory: it would be taken for busy for ever
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

    /** To be told of every scan that ends; {@link ScanServiceListener#ended} of the service passes it on. */
    public ScanServiceListener listener() {
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
            if (summary.filter(ScanSummary::isGood).isPresent()) { // else the scan's own end was logged as bad
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
            save(); // nobody else will
        }
    }

    /** Looks at the clock and the sources soon. */
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
                    continue; // is in its status and the log, and it is tried again
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
                closed = true; // somebody wants this thread to end
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

    /** No further run begins. */
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
