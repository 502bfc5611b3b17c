// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import io.millrace.scan.schedule.Schedule;
import java.time.Duration;
import java.util.Optional;

/** Reads the schedule of a source. */
final class ScheduleReader {
    private static final Duration MIN_PERIOD = Duration.ofSeconds(1);

    private static final ValueParser<Schedule> EVERY = ValueParser.DURATION.map(ScheduleReader::every);
    private static final ValueParser<Schedule> CRON = ValueParser.of(Schedule::cron);

    private ScheduleReader() {}

    static Schedule read(Section keys) {
        Optional<Schedule> every = keys.value("every", EVERY);
        Optional<Schedule> cron = keys.value("cron", CRON);
        if (keys.has("every") && keys.has("cron")) {
            keys.refuse("cron", "cannot be combined with 'every'; a source has one of them");
        }
        return every.or(() -> cron).orElseGet(Schedule.Never::new);
    }

    private static Schedule every(Duration period) {
        if (period.compareTo(MIN_PERIOD) < 0) {
            throw new IllegalArgumentException("a period is 1s to 36500d");
        }
        return new Schedule.Every(period);
    }
}
