// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.log;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.slf4j.LoggerFactory;

/** Forwards log records of the JDK, mainly of RMI and the HTTP server, to the log of the service. Any thread. */
public final class LibraryLog extends Handler {
    private final SimpleFormatter formatter = new SimpleFormatter();

    /** Installs the handler for warnings and errors in place of the JDK's own. */
    public static void join() {
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        root.setLevel(Level.WARNING);
        root.addHandler(new LibraryLog());
    }

    @Override
    public void publish(LogRecord line) {
        var log = LoggerFactory.getLogger(String.valueOf(line.getLoggerName()));
        String text = formatter.formatMessage(line);
        if (line.getLevel().intValue() >= Level.SEVERE.intValue()) {
            log.error(text, line.getThrown());
        } else {
            log.warn(text, line.getThrown());
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
