// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/** When a source is scanned. */
public sealed interface Schedule {
    /** Only when somebody asks. */
    record Never() implements Schedule {}

    /** So long after the last run began. */
    record Every(Duration period) implements Schedule {}

    /** By a line as of crontab(5), five fields, in the machine's time zone. */
    record Cron(String expression) implements Schedule {}

    /** @throws IllegalArgumentException that says what is wrong with the expression */
    static Schedule cron(String expression) {
        return new Cron(expression);
    }

    /** The first moment after {@code last} at which a run is due; {@code last} is empty before the first run. */
    default Optional<Instant> next(Optional<Instant> last, Instant now, ZoneId zone) {
        throw new UnsupportedOperationException();
    }
}
