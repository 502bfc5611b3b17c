// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.posix.libc.BytePath;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.scan.job.LastRun;
import io.millrace.scan.schedule.Schedule;
import io.millrace.scan.schedule.SourceStatus;
import io.millrace.units.Durations;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The attributes of a source: current at each call, or fixed at one moment, depending on the supplier. Any thread. */
public class SourceInfoView implements SourceInfo {
    private final Supplier<SourceStatus> status;

    public SourceInfoView(Supplier<SourceStatus> status) {
        this.status = status;
    }

    private static @Nullable String text(Optional<Instant> time) {
        return time.map(Instant::toString).orElse(null);
    }

    @Override
    public String getName() {
        return status.get().spec().name();
    }

    @Override
    public String[] getPaths() {
        return status.get().spec().what().paths().stream()
                .map(BytePath::display)
                .toArray(String[]::new);
    }

    @Override
    public String getSchedule() {
        return schedule(status.get(), "never");
    }

    /** @param none returned if there is no schedule */
    public static String schedule(SourceStatus source, String none) {
        Schedule schedule = source.spec().schedule();
        if (schedule instanceof Schedule.Every every) {
            return "every " + Durations.format(every.period());
        }
        return schedule instanceof Schedule.Cron cron ? "cron " + cron.expression() : none;
    }

    @Override
    public String[] getDigests() {
        return status.get().spec().what().options().digests().stream()
                .map(DigestAlgorithm::label)
                .toArray(String[]::new);
    }

    @Override
    public String[] getWorkers() {
        return status.get().spec().what().workers().toArray(String[]::new);
    }

    @Override
    public String getCachePolicy() {
        return status.get().spec().what().options().wish().policy().name();
    }

    @Override
    public int getMinFiles() {
        return status.get().spec().minFiles();
    }

    @Override
    public @Nullable String getActiveScan() {
        return status.get().activeScan().orElse(null);
    }

    @Override
    public @Nullable String getLastStarted() {
        return text(status.get().lastStarted());
    }

    @Override
    public @Nullable String getLastGood() {
        return text(status.get().lastGood());
    }

    private long ofLastRun(ToLongFunction<LastRun> which) {
        return status.get().lastRun().map(which::applyAsLong).orElse(-1L);
    }

    @Override
    public boolean isFailing() {
        return status.get().lastProblem().isPresent();
    }

    @Override
    public double getLastDurationSeconds() {
        return status.get().lastRun().map(LastRun::seconds).orElse(-1.0);
    }

    @Override
    public long getLastFiles() {
        return ofLastRun(LastRun::files);
    }

    @Override
    public long getLastBytes() {
        return ofLastRun(LastRun::bytes);
    }

    @Override
    public long getLastHotBeforeBytes() {
        return ofLastRun(LastRun::hotBeforeBytes);
    }

    @Override
    public long getLastHotAfterBytes() {
        return ofLastRun(LastRun::hotAfterBytes);
    }

    @Override
    public @Nullable String getNext() {
        return text(status.get().next());
    }

    @Override
    public @Nullable String getLastProblem() {
        return status.get().lastProblem().orElse(null);
    }
}
