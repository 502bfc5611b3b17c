// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.schedule;

import io.millrace.scan.ScanSummary;
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

/** One source: what is known of its runs, and when the next is due. Guarded by the lock of {@link SourceScheduler}. */
final class ScheduledSource {
    /** After a run that could not begin. */
    static final Duration RETRY = Duration.ofMinutes(1);

    /** A run that begins later than that after its time is told of as missed. */
    private static final Duration LATE = Duration.ofMinutes(1);

    private final ZoneId zone;
    private SourceSpec spec;
    private boolean gone;

    /** From where the next run is counted: the last one begun, or left out, or the moment when its line was new. */
    private Optional<Instant> last = Optional.empty();

    private Optional<Instant> due = Optional.empty();

    /** When the run that is due now was due by the schedule, where that is long over. */
    private Optional<Instant> missed = Optional.empty();

    private RunHistory.Times times;
    private boolean starting;
    private Optional<String> activeScan = Optional.empty();

    /** Scans that ended before it was known that they had begun. */
    private final Set<String> endedEarly = new HashSet<>();

    private Optional<String> problem = Optional.empty();
    private Optional<String> leftOut = Optional.empty();

    ScheduledSource(SourceSpec spec, RunHistory.Times times, ZoneId zone, Instant now) {
        this.spec = spec;
        this.times = times;
        this.zone = zone;
        problem = times.problem();
        follow(now);
        if (times.isUnderWay()) { // when the service ended
            problem = times.started()
                    .map(began -> "the run started at " + Timestamps.format(began, zone) + " was cut short");
            if (!(spec.schedule() instanceof Schedule.Never)) {
                runAt(now);
            }
        }
    }

    /** Takes a new specification; the times stay where the schedule does. */
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
     * A period counts from the last run. A line that is new, whether by a reload or by a restart, is about the future;
     * nothing of it was missed before.
     */
    private void follow(Instant now) {
        last = times.started();
        if (spec.schedule() instanceof Schedule.Cron cron) {
            Instant since = times.followed()
                    .filter(known -> known.line().equals(cron.expression()))
                    .map(RunHistory.Followed::since)
                    .orElse(now);
            times = times.following(Optional.of(new RunHistory.Followed(cron.expression(), since)));
            last = last.filter(since::isBefore).or(() -> Optional.of(since));
        }
        reschedule(now);
    }

    /** Is not a source any more, and forgotten once its run is over. */
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

    /** A run that is due because its time passed while nobody looked: the service was down, or the clock was set. */
    Optional<Instant> missed() {
        return missed;
    }

    void runAt(Instant moment) {
        due = Optional.of(moment);
        missed = Optional.empty();
    }

    boolean isDue(Instant now) {
        return due.isPresent() && !due.get().isAfter(now);
    }

    /** A run is due beside one under way: it is not made up for. Returns the sentence for it. */
    String leaveOut(Instant now) {
        Instant time = due.orElse(now);
        String sentence =
                "the run due at " + Timestamps.format(time, zone) + " was left out: the one before is still under way";
        leftOut = Optional.of(sentence);
        last = Optional.of(time);
        reschedule(now);
        return sentence;
    }

    /** A run is about to begin. */
    void starting() {
        starting = true;
    }

    void began(String id, Instant now) {
        starting = false;
        leftOut = Optional.empty();
        times = times.began(now);
        if (endedEarly.contains(id)) {
            times = times.endedEarly(now); // and how is known
        } else {
            activeScan = Optional.of(id);
        }
        endedEarly.clear();
        last = times.started();
        reschedule(now);
    }

    /**
     * False where the same was said before.
     *
     * @param wasDue whether it was to begin by the schedule, which then tries again
     */
    boolean couldNotBegin(String why, boolean wasDue, Instant now) {
        starting = false;
        endedEarly.clear();
        Optional<String> before = problem;
        problem = Optional.of("could not begin: " + why);
        if (wasDue && !gone) {
            runAt(now.plus(RETRY));
        }
        return !problem.equals(before);
    }

    /**
     * A scan of this source is over.
     *
     * @param cutShort because the service ends, so that it has to be made up for
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

    /** What was wrong with it; empty where it ended well. */
    private Optional<String> how(ScanStatus status, Optional<ScanSummary> summary) {
        if (status.state() != ScanState.FINISHED
                || summary.filter(ScanSummary::isGood).isEmpty()) {
            return Optional.of(describe(status));
        }
        return tooFew(summary.get());
    }

    private Optional<String> tooFew(ScanSummary summary) {
        long files = summary.files();
        return files >= spec.minFiles()
                ? Optional.empty()
                : Optional.of("read " + files + (files == 1 ? " file" : " files") + ", at least " + spec.minFiles()
                        + " expected");
    }

    /** What the last run that is over, or one that could not begin, did badly. */
    Optional<String> problem() {
        return problem;
    }

    private static String describe(ScanStatus status) {
        if (status.state() == ScanState.CANCELLED) {
            return "was cancelled";
        }
        var words = new ArrayList<String>();
        status.error().ifPresent(words::add);
        if (status.failed() > 0) {
            words.add(status.failed() + " failed");
        }
        if (status.changed() > 0) {
            words.add(status.changed() + " changed while being read");
        }
        if (status.workersFailed() > 0) {
            words.add(status.workersFailed() + " failed at a worker");
        }
        return words.isEmpty() ? "did not end well" : String.join(", ", words);
    }

    SourceStatus status() {
        return new SourceStatus(
                spec, activeScan, times.started(), times.good(), due, times.run(), leftOut.or(() -> problem));
    }
}
