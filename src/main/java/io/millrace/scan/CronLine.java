// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import io.millrace.posix.BytePath;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.Optional;

/**
 * Lines of crontab(5). The only class that knows the library for them, which takes a fifth of a second and some memory to
 * load: it is, with this class, only where a line is written.
 */
final class CronLine {
    /** The library knows none of these for crontab(5). */
    private static final Map<String, String> NICKNAMES = Map.of(
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *",
            "@monthly", "0 0 1 * *",
            "@weekly", "0 0 * * 0",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@hourly", "0 * * * *");

    private static final int MOST_CHARACTERS = 256;
    private static final CronParser PARSER = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

    /** Any day will do, for days that come at all come within eight years. */
    private static final ZonedDateTime SOME_DAY = ZonedDateTime.of(2026, 1, 1, 0, 0, 0, 0, ZoneId.of("UTC"));

    private CronLine() {}

    static void check(String expression) {
        if (expression.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException("a cron line is longer than " + MOST_CHARACTERS + " characters");
        }
        if (next(expression, SOME_DAY).isEmpty()) {
            throw bad(expression, "names a day that never comes");
        }
    }

    /** The first moment after {@code after}, in its zone. */
    static Optional<Instant> next(String expression, ZonedDateTime after) {
        return parse(expression)
                .nextExecution(after)
                .map(due -> firstOfTwo(due, after))
                .map(ZonedDateTime::toInstant);
    }

    /** The library, coming from another day, takes the second of an hour that comes twice. */
    private static ZonedDateTime firstOfTwo(ZonedDateTime due, ZonedDateTime after) {
        ZonedDateTime first = due.withEarlierOffsetAtOverlap();
        return first.isAfter(after) ? first : due;
    }

    private static ExecutionTime parse(String expression) {
        String line = String.join(" ", expression.strip().split("\\s+"));
        if (line.equals("@reboot")) {
            throw bad(expression, "is no time of day; a source can be run at the start instead");
        }
        try {
            return ExecutionTime.forCron(PARSER.parse(NICKNAMES.getOrDefault(line, line)));
        } catch (RuntimeException e) { // mostly IllegalArgumentException, but the library promises nothing
            throw bad(expression, "is no line of crontab(5): " + e.getMessage());
        }
    }

    private static IllegalArgumentException bad(String expression, String why) {
        String quoted = BytePath.display(BytePath.encode(expression));
        return new IllegalArgumentException("'" + quoted + "' " + why.replaceAll("\\s+", " "));
    }
}
