// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.catalog.record.Amount;
import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * 20 sources with 10^7 files together over 120 nights of failures, pauses and growth. Files are numbers with a size made from
 * the number; what is kept of them is runs of files with one date, so memory does not grow with their number.
 */
@Timeout(120)
class CoverageSimulationTest {
    private static final int SOURCES = 20;
    private static final int NIGHTS = 120;
    private static final long FILES = 10_000_000;
    private static final long DAY = 86_400;
    private static final long WITHIN = 30 * DAY;
    private static final long WINDOW = 4 * 3600;
    private static final long START = 1_764_000_000;
    private static final long FILE_COST = 16 << 10;

    /** Files with one date, in the order in which they will be verified. */
    private record Run(long first, long last, long dateSeconds) {
        long count() {
            return last - first;
        }
    }

    /** A source as the catalog sees it, and the nights' work on it. */
    private static final class Source {
        private final Random random;
        private final long salt;
        private final CoveragePromise promise;
        private final CoveragePlanner planner;
        private final double failing;
        private final double growth;
        private final ArrayDeque<Run> fresh = new ArrayDeque<>();
        private final ArrayDeque<Run> verified = new ArrayDeque<>();
        private CoverageTrend trend = CoverageTrend.START;
        private long files;
        private int pausedUntil = -1;
        private int failedInARow;
        private int firstWarning = -1;
        private int firstBreak = -1;
        private boolean isWarned;
        private long read;
        private long mostInANight;
        private long total;

        Source(int number, long seed, long count, double capacityFactor, double failing, double growth) {
            this.random = new Random(seed + number);
            this.salt = seed * 31 + number;
            this.failing = failing;
            this.growth = growth;
            // Verified on the last 20 days before, a part never.
            long old = count * 9 / 10;
            for (int day = 20; day > 0; day--) {
                long next = files + (day == 1 ? old - files : old / 20);
                verified.add(new Run(files, next, START - day * DAY));
                files = next;
            }
            fresh.add(new Run(files, count, START - DAY));
            files = count;
            long cost = 0;
            for (long file = 0; file < count; file++) {
                cost += size(file) + FILE_COST;
            }
            total = cost;
            long perNight = (long) (cost / 30.0 * capacityFactor);
            promise = new CoveragePromise(WITHIN, DAY, WINDOW, Math.max(1, perNight / WINDOW), FILE_COST);
            planner = new CoveragePlanner(promise);
        }

        private long size(long file) {
            long mixed = (file + salt) * 0x9E3779B97F4A7C15L;
            mixed ^= mixed >>> 29;
            return Math.floorMod(mixed * 0xBF58476D1CE4E5B9L, 200_000L);
        }

        private Amount amount(Run run) {
            long bytes = 0;
            for (long file = run.first(); file < run.last(); file++) {
                bytes += size(file);
            }
            return new Amount(run.count(), bytes);
        }

        private CoverageState state() {
            var state = CoverageState.builder();
            fresh.forEach(run -> state.fresh(run.dateSeconds(), amounts.computeIfAbsent(run, this::amount)));
            verified.forEach(run -> state.verified(run.dateSeconds(), amounts.computeIfAbsent(run, this::amount)));
            return state.build();
        }

        private final java.util.Map<Run, Amount> amounts = new java.util.HashMap<>();

        void night(int night) {
            long now = START + night * DAY;
            long before = files;
            grow(now, night);
            long grown = promise.cost(amount(new Run(before, files, 0)));
            CoveragePlan plan = planner.plan(state(), trend, now);
            judge(night, plan);
            if (pausedUntil < night && random.nextInt(40) == 0 && failing > 0) {
                pausedUntil = night + random.nextInt(3);
            }
            boolean fails = night <= pausedUntil || random.nextDouble() < failing;
            fails &= failing > 0.5 || failedInARow < 3; // more is spared by nobody
            failedInARow = fails ? failedInARow + 1 : 0;
            double part = fails ? 0 : 0.9 + 0.1 * random.nextDouble();
            long budget = (long) (plan.share().total() * part);
            assertThat(plan.share().total()).isLessThanOrEqualTo(promise.capacity());
            long done = verify(budget, now + WINDOW / 2);
            read += done;
            mostInANight = Math.max(mostInANight, done);
            trend = trend.after(plan.share().total(), done, grown);
            amounts.keySet().retainAll(keep());
        }

        private java.util.Set<Run> keep() {
            var runs = new java.util.HashSet<>(fresh);
            runs.addAll(verified);
            return runs;
        }

        private void grow(long now, int night) {
            long more = (long) (files * growth) + (night % 30 == 17 ? files / 100 : 0);
            if (more > 0) {
                fresh.add(new Run(files, files + more, now));
                files += more;
            }
        }

        private void judge(int night, CoveragePlan plan) {
            boolean warns = plan.breaksInNights().isPresent();
            if (!warns) {
                isWarned = false;
            } else if (!isWarned) {
                isWarned = true;
                firstWarning = night;
            }
            if (!plan.isKept() && firstBreak < 0) {
                firstBreak = night;
                assertThat(isWarned).isTrue();
                assertThat(night - firstWarning).as("nights of warning").isGreaterThanOrEqualTo(3);
            }
            if (firstBreak < 0) {
                assertThat(warns ? plan.why() : "-").isNotEmpty();
            }
        }

        /** Reads in the order of the plan, and checks that no file comes twice before another one once. */
        private long verify(long budget, long now) {
            long left = budget;
            left = verify(fresh, left, now);
            if (!fresh.isEmpty()) {
                return budget - left; // strictly in this order: the rest of the night does not go to old files
            }
            return budget - verify(verified, left, now);
        }

        private long verify(ArrayDeque<Run> from, long budget, long now) {
            long left = budget;
            while (!from.isEmpty() && from.peek().dateSeconds() < now) {
                Run run = from.poll();
                from.forEach(other -> assertThat(other.dateSeconds()).isGreaterThanOrEqualTo(run.dateSeconds()));
                long end = run.first();
                while (end < run.last() && size(end) + FILE_COST <= left) {
                    left -= size(end) + FILE_COST;
                    end++;
                }
                if (end > run.first()) {
                    verified.add(new Run(run.first(), end, now));
                }
                if (end < run.last()) {
                    from.addFirst(new Run(end, run.last(), run.dateSeconds()));
                    return left;
                }
            }
            return left;
        }
    }

    @Test
    void keepsThePromiseOrSaysThreeNightsBeforeThatItBreaks() {
        long seed = System.nanoTime();
        int broken = 0;
        for (int number = 0; number < SOURCES; number++) {
            // Most have a window three times as long as needed; some one that does not suffice, or nights that mostly
            // fail.
            double capacity = number % 5 == 4 ? 0.6 + 0.02 * number : 3;
            double failing = number % 7 == 6 ? 0.6 : 0.1;
            var source = new Source(number, seed, FILES / SOURCES, capacity, failing, number % 3 * 0.001);
            for (int night = 0; night < NIGHTS; night++) {
                source.night(night);
            }
            if (capacity == 3 && failing == 0.1) {
                assertThat(source.firstBreak)
                        .as("seed %d, source %d", seed, number)
                        .isNegative();
                assertThat(source.read)
                        .as("not much more than has to be read, with what has grown")
                        .isLessThan((long) (source.total / 30.0 * NIGHTS * 1.9));
            } else if (source.firstBreak >= 0) {
                broken++;
            }
        }
        assertThat(broken)
                .as("seed %d: a window of 0.7 of what is needed does not suffice", seed)
                .isPositive();
    }

    /** All verified in one night: the next ones are spread evenly. */
    @Test
    void spreadsWhatIsDueAtOnce() {
        var source = new Source(1, 42, 100_000, 40, 0, 0);
        for (int night = 0; night < NIGHTS; night++) {
            source.night(night);
        }
        assertThat(source.firstBreak).isNegative();
        assertThat(source.mostInANight)
                .as("the first night has a tenth that was never verified")
                .isLessThan(source.total / 5);
    }

    @Test
    void endsFlatInMemoryAndTime() {
        var state = CoverageState.builder();
        for (long hour = 0; hour < 24 * 20; hour++) {
            state.verified(START - hour * 3600, new Amount(1_000_000, 1L << 40));
        }
        var promise = new CoveragePromise(WITHIN, DAY, WINDOW, 1L << 34, 0);
        CoveragePlan plan = new CoveragePlanner(promise).plan(state.build(), CoverageTrend.START, START);
        assertThat(plan.share().oldest()).isBetween(19L << 40, 26L << 40);
        assertThat(plan.breaksInNights()).isEmpty();
    }
}
