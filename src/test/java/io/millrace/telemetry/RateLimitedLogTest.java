// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.millrace.telemetry.RateLimitedLog.Kind;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RateLimitedLogTest {
    private static final long SECOND = 1_000_000_000L;

    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private RateLimitedLog log;

    @BeforeEach
    void attach() {
        var context = new LoggerContext();
        lines.setContext(context);
        lines.start();
        Logger logger = context.getLogger("test");
        logger.addAppender(lines);
        log = new RateLimitedLog("jmx", logger);
    }

    private List<String> written() {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void writesALineAMinuteOfEachKindAndHowManyWereLeftOut() {
        log.warn(Kind.LOGIN, "a", 0);
        for (int i = 1; i <= 50; i++) {
            log.warn(Kind.LOGIN, "b" + i, i * SECOND);
        }
        log.warn(Kind.FULL, "c", 50 * SECOND);
        assertThat(written()).containsExactly("jmx: a", "jmx: c");
        log.warn(Kind.LOGIN, "d", 61 * SECOND);
        assertThat(written()).last().isEqualTo("jmx: d; 50 more since the last such line");
    }

    @Test
    void writesTheLastOfThemAlsoWhenNoMoreCome() {
        log.warn(Kind.LOGIN, "a", 0);
        log.warn(Kind.LOGIN, "b", SECOND);
        log.warn(Kind.LOGIN, "c", 2 * SECOND);
        log.flush(59 * SECOND);
        assertThat(written()).containsExactly("jmx: a");
        log.flush(60 * SECOND);
        log.flush(200 * SECOND);
        assertThat(written()).containsExactly("jmx: a", "jmx: c; 1 more since the last such line");
    }
}
