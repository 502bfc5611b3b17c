// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.schedule;

import io.millrace.scan.catalog.DailyWindow;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/** Decides when a source is scanned. Implementations are immutable; any thread. */
public sealed interface Schedule {
    /** Only on request. */
    record Never() implements Schedule {
        @Override
        public Optional<Instant> next(Optional<Instant> last, Instant now, ZoneId zone) {
            return Optional.empty();
        }
    }

    /** At a fixed period after the start of the last run; at once if there was none. */
    record Every(Duration period) implements Schedule {
        /** @throws IllegalArgumentException unless the period is positive */
        public Every {
            if (period.isZero() || period.isNegative()) {
                throw new IllegalArgumentException("a period of " + period + " must be more than 0");
            }
        }

        @Override
        public Optional<Instant> next(Optional<Instant> last, Instant now, ZoneId zone) {
            // A run that lies more than a period in the future was recorded while the clock was wrong; waiting for it
            // would take too long.
            Instant due = last.filter(began -> !began.minus(period).isAfter(now))
                    .map(began -> began.plus(period))
                    .orElse(now);
            return Optional.of(due.isBefore(now) ? now : due);
        }
    }

    /**
     * According to a crontab(5) line, five fields or a nickname ({@code @daily}), in the time zone of the machine.
     * Changes of the local time and of the clock are handled like in cron(8): see {@link CronLine}. If both days of the
     * month and days of the week are restricted, a day matches if either does.
     */
    record Cron(String expression) implements Schedule {
        /** A line that follows the wall clock must not run twice if the clock was set back by a small amount. */
        private static final Duration CLOCK_WAS_ADJUSTED = Duration.ofMinutes(1);

        /** @throws IllegalArgumentException like {@link Schedule#cron} */
        public Cron {
            CronLine.check(expression);
        }

        /**
         * {@inheritDoc}
         *
         * <p>A run recorded further in the future than a clock adjustment explains was recorded while the clock was
         * wrong: cron(8) uses the new time immediately.
         */
        @Override
        public Optional<Instant> next(Optional<Instant> last, Instant now, ZoneId zone) {
            CronLine line = CronLine.parse(expression);
            Instant latest = now.plus(line.isFixed() ? CronLine.SMALL_CHANGE : CLOCK_WAS_ADJUSTED);
            Instant after = last.filter(began -> !began.isAfter(latest)).orElse(now);
            return line.next(after, zone).map(due -> due.isBefore(now) ? now : due);
        }
    }

    /** Once in each of these windows, as soon as it opens, or as soon as the service starts within it. */
    record Nightly(DailyWindow window) implements Schedule {
        @Override
        public Optional<Instant> next(Optional<Instant> last, Instant now, ZoneId zone) {
            // A run recorded in the future was recorded while the clock was wrong.
            Optional<Instant> known = last.filter(began -> !began.isAfter(now));
            boolean isOpen = window.current(now, zone)
                    .filter(span -> known.isEmpty() || known.get().isBefore(span.start()))
                    .isPresent();
            return Optional.of(isOpen ? now : window.next(now, zone).start());
        }

        @Override
        public Instant notBefore(Instant moment, ZoneId zone) {
            return opening(window, moment, zone);
        }
    }

    /** When another schedule is due, or as soon as the window opens after that. */
    record Windowed(Schedule due, DailyWindow window) implements Schedule {
        @Override
        public Optional<Instant> next(Optional<Instant> last, Instant now, ZoneId zone) {
            return due.next(last, now, zone).map(moment -> notBefore(moment, zone));
        }

        @Override
        public Instant notBefore(Instant moment, ZoneId zone) {
            return opening(window, moment, zone);
        }
    }

    private static Instant opening(DailyWindow window, Instant moment, ZoneId zone) {
        return window.current(moment, zone).isPresent()
                ? moment
                : window.next(moment, zone).start();
    }

    /** Returns a schedule whose runs start in the window only: when {@code due} is, or once a window if that is never. */
    static Schedule within(DailyWindow window, Schedule due) {
        return due instanceof Never ? new Nightly(window) : new Windowed(due, window);
    }

    /** The first moment from this one on at which a run may start that is made up for or tried again. */
    default Instant notBefore(Instant moment, ZoneId zone) {
        return moment;
    }

    /** @throws IllegalArgumentException whose message says in one line what is wrong with the expression */
    static Schedule cron(String expression) {
        return new Cron(expression);
    }

    /**
     * Returns the first moment after {@code last} at which a run is due, or {@code now} if that is in the past, so that
     * missed runs are made up for once. Empty if there is none.
     *
     * @param last start of the last run; empty before the first
     */
    Optional<Instant> next(Optional<Instant> last, Instant now, ZoneId zone);
}
