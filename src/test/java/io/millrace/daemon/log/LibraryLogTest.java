// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.LogManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LibraryLogTest {
    private static final String NAME = "sun.rmi.transport.test";

    private final ListAppender<ILoggingEvent> heard = new ListAppender<>();
    private final Logger log = (Logger) LoggerFactory.getLogger(NAME);

    @BeforeEach
    void listen() {
        heard.start();
        log.addAppender(heard);
        LibraryLog.join();
    }

    @AfterEach
    void leave() throws IOException {
        log.detachAppender(heard);
        LogManager.getLogManager().readConfiguration();
    }

    @Test
    void warningsAndWorseBecomeLinesOfOurLog() {
        var library = java.util.logging.Logger.getLogger(NAME);
        library.info("nobody wants to know");
        library.log(Level.WARNING, "port {0} is odd", 7);
        var cause = new IOException("broken");
        library.log(Level.SEVERE, "and {it} ends", cause);
        assertThat(heard.list)
                .extracting(line -> line.getLevel() + " " + line.getFormattedMessage())
                .containsExactly("WARN port 7 is odd", "ERROR and {it} ends");
        assertThat(heard.list.get(1).getThrowableProxy().getMessage()).isEqualTo("broken");
    }
}
