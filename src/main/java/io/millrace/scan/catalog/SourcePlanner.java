// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.catalog;

import io.millrace.catalog.Catalog;
import io.millrace.catalog.CatalogException;
import io.millrace.catalog.CatalogReader;
import io.millrace.catalog.FileDue;
import io.millrace.catalog.coverage.CoveragePlan;
import io.millrace.catalog.coverage.CoveragePlanner;
import io.millrace.catalog.coverage.CoveragePromise;
import io.millrace.catalog.coverage.CoverageState;
import io.millrace.catalog.coverage.CoverageTrend;
import io.millrace.catalog.record.Amount;
import io.millrace.posix.Posix;
import io.millrace.scan.throttle.RateLimiter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/** Plans the nights of one source. Guarded by its user, one call at a time. */
final class SourcePlanner {
    private static final long DAY_SECONDS = Duration.ofDays(1).toSeconds();

    /** Before a run was measured; slower than most disks read, so that the first forecast is not too good. */
    private static final long ASSUMED_BYTES_PER_SECOND = 64L << 20;

    /** A file costs so many milliseconds beside its content: to find and open it. */
    private static final long FILE_MILLIS = 1;

    private static final long MILLIS = 1000;
    private static final int MAX_MISSED_NIGHTS = 30;

    private final Posix posix;
    private final RecordedSource source;
    private final CoverageSpec spec;
    private final Clock clock;

    SourcePlanner(Posix posix, RecordedSource source, CoverageSpec spec, Clock clock) {
        this.posix = posix;
        this.source = source;
        this.spec = spec;
        this.clock = clock;
    }

    /** How the source stands now. Reads what the catalog has of all its files. */
    CoverageStatus status(CatalogReader reader) throws CatalogException {
        CoverageMemory memory = CoverageMemory.read(reader, source.name());
        CoverageState state = state(reader, new SourceTrees(posix, source));
        Instant now = clock.instant();
        CoveragePlan plan = new CoveragePlanner(promise(memory)).plan(state, memory.trend(), now.getEpochSecond());
        OptionalLong oldest = LongStream.concat(
                        state.verified().keySet().stream().limit(1).mapToLong(Long::longValue),
                        state.fresh().keySet().stream().limit(1).mapToLong(Long::longValue))
                .min();
        return new CoverageStatus(source.name(), spec, plan, oldest, all(state).bytes(), now);
    }

    /** Plans a run that starts now, and gives its names, which the caller closes. */
    ShareNames share(Catalog catalog) throws CatalogException {
        CatalogReader reader = catalog.reader();
        boolean isHandedOver = false;
        try {
            var trees = new SourceTrees(posix, source);
            CoverageState state = state(reader, trees);
            Instant now = clock.instant();
            CoverageMemory memory = CoverageMemory.read(reader, source.name());
            CoveragePromise promise = promise(memory);
            long cost = promise.cost(all(state));
            CoverageTrend trend = afterMissedNights(memory, now);
            CoveragePlan plan = new CoveragePlanner(promise).plan(state, trend, now.getEpochSecond());
            long grown = memory.allCost() == 0 ? 0 : Math.max(0, cost - memory.allCost());
            // As if nothing was done, until the run has ended: a night that fails is one.
            new CoverageMemory(
                            trend.after(plan.share().total(), 0, grown),
                            memory.bytesPerSecond(),
                            cost,
                            now.getEpochSecond())
                    .write(catalog, source.name());
            Instant end = spec.window()
                    .current(now, clock.getZone())
                    .map(DailyWindow.Span::end)
                    .orElse(now.plus(spec.window().length()));
            var names = new ShareNames(posix, reader, trees, source, new ShareNames.Budget(promise, plan, end), clock);
            isHandedOver = true;
            return names;
        } finally {
            if (!isHandedOver) {
                reader.close();
            }
        }
    }

    /** Takes down what a run did of its share. */
    void onEnded(Catalog catalog, ShareNames names, long bytes, double seconds) throws CatalogException {
        CoverageMemory memory;
        try (CatalogReader reader = catalog.reader()) {
            memory = CoverageMemory.read(reader, source.name());
        }
        long planned = names.plannedCost();
        long done = Math.min(names.givenCost(), planned);
        // The plan's making counted the night as one without anything done: this is the part that was.
        double part = planned <= 0 ? 0 : (double) done / planned;
        double availability = Math.min(1, memory.trend().availability() + CoverageTrend.WEIGHT * part);
        long measured = seconds > 1 && bytes > 0 ? Math.max(1, Math.round(bytes / seconds)) : memory.bytesPerSecond();
        new CoverageMemory(
                        new CoverageTrend(availability, memory.trend().growth()),
                        measured,
                        memory.allCost(),
                        memory.nightSeconds())
                .write(catalog, source.name());
    }

    private CoverageTrend afterMissedNights(CoverageMemory memory, Instant now) {
        CoverageTrend trend = memory.trend();
        if (memory.nightSeconds() > 0) {
            long nights = (now.getEpochSecond() - memory.nightSeconds() + DAY_SECONDS / 2) / DAY_SECONDS - 1;
            for (int i = 0; i < Math.min(MAX_MISSED_NIGHTS, nights); i++) {
                trend = trend.after(1, 0, 0);
            }
        }
        return trend;
    }

    private CoveragePromise promise(CoverageMemory memory) {
        long measured = memory.bytesPerSecond() > 0 ? memory.bytesPerSecond() : ASSUMED_BYTES_PER_SECOND;
        long rate = source.bytesPerSecond() == RateLimiter.UNLIMITED
                ? measured
                : Math.min(source.bytesPerSecond(), Math.max(measured, ASSUMED_BYTES_PER_SECOND));
        return new CoveragePromise(
                spec.within().toSeconds(),
                DAY_SECONDS,
                spec.window().length().toSeconds(),
                Math.max(1, rate),
                rate * FILE_MILLIS / MILLIS);
    }

    private static CoverageState state(CatalogReader reader, SourceTrees trees) throws CatalogException {
        var state = CoverageState.builder();
        var files = new DueFiles(reader, trees, Long.MAX_VALUE);
        for (FileDue due = files.next(); due != null; due = files.next()) {
            state.file(
                    new Amount(1, due.sizeBytes()),
                    due.verdict(),
                    due.type(),
                    due.firstSeenSeconds(),
                    due.onDeviceSeconds());
        }
        return state.build();
    }

    private static Amount all(CoverageState state) {
        return sum(state.verified().values())
                .plus(sum(state.fresh().values()))
                .plus(state.bad())
                .plus(state.live())
                .plus(state.unsettled());
    }

    private static Amount sum(Collection<Amount> amounts) {
        return amounts.stream().reduce(Amount.ZERO, Amount::plus);
    }
}
