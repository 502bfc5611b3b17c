// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/** When a source is scanned. */
public sealed interface Schedule {
    /** Only when somebody asks. */
    record Never() implements Schedule {
        @Override
        public Optional<Instant> next(Optional<Instant> last, Instant now, ZoneId zone) {
            return Optional.empty();
        }
    }

    /** So long after the last run began; at once where there was none. */
    record Every(Duration period) implements Schedule {
        /** @throws IllegalArgumentException unless the period is positive */
        public Every {
            if (period.isZero() || period.isNegative()) {
                throw new IllegalArgumentException("a period of " + period + " is not more than nothing");
            }
        }

        @Override
        public Optional<Instant> next(Optional<Instant> last, Instant now, ZoneId zone) {
            // A run further ahead than a period was noted by a clock that was wrong, and would be waited for too long.
            Instant due = last.filter(began -> !began.minus(period).isAfter(now))
                    .map(began -> began.plus(period))
                    .orElse(now);
            return Optional.of(due.isBefore(now) ? now : due);
        }
    }

    /**
     * By a line as of crontab(5), five fields or a nickname ({@code @daily}), in the machine's time zone. Changes of the
     * local time, and of the clock, are taken as cron(8) takes them: see {@link CronLine}. Where days of the month and of
     * the week are both given, either will do.
     */
    record Cron(String expression) implements Schedule {
        /** A line that follows the wall clock is not to run twice for a clock that was set back by a little. */
        private static final Duration CLOCK_WAS_ADJUSTED = Duration.ofMinutes(1);

        /** @throws IllegalArgumentException as {@link Schedule#cron} */
        public Cron {
            CronLine.check(expression);
        }

        /**
         * {@inheritDoc}
         *
         * <p>A run noted further ahead than the clock may have been set back was noted by a clock that was wrong: cron(8)
         * uses the new time immediately.
         */
        @Override
        public Optional<Instant> next(Optional<Instant> last, Instant now, ZoneId zone) {
            CronLine line = CronLine.parse(expression);
            Instant latest = now.plus(line.isFixed() ? CronLine.SMALL_CHANGE : CLOCK_WAS_ADJUSTED);
            Instant after = last.filter(began -> !began.isAfter(latest)).orElse(now);
            return line.next(after, zone).map(due -> due.isBefore(now) ? now : due);
        }
    }

    /** @throws IllegalArgumentException that says in one line what is wrong with the expression */
    static Schedule cron(String expression) {
        return new Cron(expression);
    }

    /**
     * The first moment after {@code last} at which a run is due: {@code now} where that is over, so that runs that were
     * missed are made up for once. Empty where there is none.
     *
     * @param last when the last run began; empty before the first
     */
    Optional<Instant> next(Optional<Instant> last, Instant now, ZoneId zone);
}
