// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.schedule;

import io.millrace.scan.ScanSummary;
import io.millrace.scan.job.CatalogOutcome;
import io.millrace.scan.job.LastRun;
import io.millrace.scan.job.ScanState;
import io.millrace.scan.job.ScanStatus;
import io.millrace.units.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** One source with its run times and the time of its next run. Guarded by the lock of {@link SourceScheduler}. */
final class ScheduledSource {
    /** Delay after a run that could not be started. */
    static final Duration RETRY = Duration.ofMinutes(1);

    /** A run that starts later than this after its due time is reported as missed. */
    private static final Duration LATE = Duration.ofMinutes(1);

    private final ZoneId zone;
    private SourceSpec spec;
    private boolean gone;

    /**
     * Start of the interval in which the next run is searched: the last run that was started or skipped, or the time
     * from which the cron line applies.
     */
    private Optional<Instant> last = Optional.empty();

    private Optional<Instant> due = Optional.empty();

    /** The scheduled time of the run that is due now, if that is long past. */
    private Optional<Instant> missed = Optional.empty();

    private RunHistory.Times times;
    private boolean starting;
    private Optional<String> activeScan = Optional.empty();

    /** Scans that ended before their start was recorded. */
    private final Set<String> endedEarly = new HashSet<>();

    private Optional<String> problem = Optional.empty();
    private Optional<String> leftOut = Optional.empty();

    ScheduledSource(SourceSpec spec, RunHistory.Times times, ZoneId zone, Instant now) {
        this.spec = spec;
        this.times = times;
        this.zone = zone;
        problem = times.problem();
        follow(now);
        if (times.isUnderWay()) { // the service ended during the run
            problem = times.started()
                    .map(began -> "the run started at " + Timestamps.format(began, zone) + " was interrupted");
            if (!(spec.schedule() instanceof Schedule.Never)) {
                runAt(now);
            }
        }
    }

    /** Applies a new specification; the run times are kept if the schedule is unchanged. */
    void change(SourceSpec changed, Instant now) {
        boolean same = !gone && changed.schedule().equals(spec.schedule());
        spec = changed;
        gone = false;
        if (!same) {
            times = times.following(Optional.empty());
            follow(now);
        }
    }

    /**
     * Computes the next run. A period counts from the last run. A new cron line, whether by a reload or by a restart,
     * applies from now on; none of its earlier times was missed.
     */
    private void follow(Instant now) {
        last = times.started();
        Schedule due = spec.schedule() instanceof Schedule.Windowed windowed ? windowed.due() : spec.schedule();
        if (due instanceof Schedule.Cron cron) {
            Instant since = times.followed()
                    .filter(known -> known.line().equals(cron.expression()))
                    .map(RunHistory.Followed::since)
                    .orElse(now);
            times = times.following(Optional.of(new RunHistory.Followed(cron.expression(), since)));
            last = last.filter(since::isBefore).or(() -> Optional.of(since));
        }
        reschedule(now);
    }

    /** Marks the source as removed; it is forgotten when its run has ended. */
    void remove() {
        gone = true;
        due = Optional.empty();
    }

    boolean isGone() {
        return gone;
    }

    SourceSpec spec() {
        return spec;
    }

    RunHistory.Times times() {
        return times;
    }

    Optional<Instant> due() {
        return due;
    }

    boolean isBusy() {
        return starting || activeScan.isPresent();
    }

    Optional<String> activeScan() {
        return activeScan;
    }

    void reschedule(Instant now) {
        due = gone ? Optional.empty() : spec.schedule().next(last, now, zone);
        missed = due.isEmpty()
                ? Optional.empty()
                : last.flatMap(began -> spec.schedule().next(last, began, zone))
                        .filter(moment -> moment.isBefore(now.minus(LATE)));
    }

    /** Returns the scheduled time of a run that was missed because the service was down or the clock was changed. */
    Optional<Instant> missed() {
        return missed;
    }

    void runAt(Instant moment) {
        due = Optional.of(spec.schedule().notBefore(moment, zone));
        missed = Optional.empty();
    }

    boolean isDue(Instant now) {
        return due.isPresent() && !due.get().isAfter(now);
    }

    /** Skips a run that is due while another is active; it is not made up for. Returns the message about it. */
    String leaveOut(Instant now) {
        Instant time = due.orElse(now);
        String sentence =
                "skipped the run due at " + Timestamps.format(time, zone) + ": the previous run is still active";
        leftOut = Optional.of(sentence);
        last = Optional.of(time);
        reschedule(now);
        return sentence;
    }

    /** Records that a run is about to start. */
    void starting() {
        starting = true;
    }

    void began(String id, Instant now) {
        starting = false;
        leftOut = Optional.empty();
        times = times.began(now);
        if (endedEarly.contains(id)) {
            times = times.endedEarly(now); // the outcome is known
        } else {
            activeScan = Optional.of(id);
        }
        endedEarly.clear();
        last = times.started();
        reschedule(now);
    }

    /**
     * Records that a run could not be started. Returns false if the same problem was reported before.
     *
     * @param wasDue whether the schedule was to start it, and will retry
     */
    boolean couldNotBegin(String why, boolean wasDue, Instant now) {
        starting = false;
        endedEarly.clear();
        Optional<String> before = problem;
        problem = Optional.of("start failed: " + why);
        if (wasDue && !gone) {
            runAt(now.plus(RETRY));
        }
        return !problem.equals(before);
    }

    /**
     * Records that a scan of this source has ended.
     *
     * @param cutShort whether the stop of the service ended it, so that it has to be made up for
     */
    void ended(ScanStatus status, Optional<ScanSummary> summary, Instant now, boolean cutShort) {
        if (starting) {
            endedEarly.add(status.id());
        } else if (activeScan.equals(Optional.of(status.id()))) {
            activeScan = Optional.empty();
        }
        problem = how(status, summary).map(words -> status.id() + ": " + words);
        if (!cutShort) {
            times = times.ended(LastRun.of(status, now, problem));
        }
    }

    /** Returns what was wrong with the scan; empty if it succeeded. */
    private Optional<String> how(ScanStatus status, Optional<ScanSummary> summary) {
        if (status.state() != ScanState.FINISHED
                || summary.filter(all -> isGood(all, status)).isEmpty()) {
            return Optional.of(describe(status));
        }
        // A share may be empty: what it does not read is told by the promise.
        return spec.what().recording().coverage().isPresent() ? Optional.empty() : tooFew(summary.get());
    }

    /**
     * By the catalog, a file that is not there any more is no failure, and one that was written to while it was verified is unsettled.
     */
    private static boolean isGood(ScanSummary summary, ScanStatus status) {
        CatalogOutcome recorded = status.recorded().orElse(null);
        if (recorded == null) {
            return summary.isGood();
        }
        return failed(status) == 0
                && summary.workersFailed() == 0
                && !summary.stopped()
                && recorded.alarms() == 0
                && recorded.problem().isEmpty();
    }

    private static long failed(ScanStatus status) {
        return status.failed() - status.recorded().map(CatalogOutcome::missing).orElse(0L);
    }

    private Optional<String> tooFew(ScanSummary summary) {
        long files = summary.files();
        return files >= spec.minFiles()
                ? Optional.empty()
                : Optional.of("read " + files + (files == 1 ? " file" : " files") + ", at least " + spec.minFiles()
                        + " expected");
    }

    /** Returns the problem of the last completed run, or of one that could not be started. */
    Optional<String> problem() {
        return problem;
    }

    private static String describe(ScanStatus status) {
        if (status.state() == ScanState.CANCELLED) {
            return "was cancelled";
        }
        var words = new ArrayList<String>();
        status.error().ifPresent(words::add);
        status.recorded()
                .flatMap(CatalogOutcome::problem)
                .filter(why -> !words.contains(why))
                .ifPresent(words::add);
        long alarms = status.recorded().map(CatalogOutcome::alarms).orElse(0L);
        if (alarms > 0) {
            words.add(alarms + (alarms == 1 ? " file is" : " files are") + " not what was recorded");
        }
        if (failed(status) > 0) {
            words.add(failed(status) + " failed");
        }
        if (status.changed() > 0 && status.recorded().isEmpty()) {
            words.add(status.changed() + " changed while being read");
        }
        if (status.workersFailed() > 0) {
            words.add(status.workersFailed() + " failed at a worker");
        }
        return words.isEmpty() ? "failed" : String.join(", ", words);
    }

    SourceStatus status() {
        return new SourceStatus(
                spec, activeScan, times.started(), times.good(), due, times.run(), leftOut.or(() -> problem));
    }
}
