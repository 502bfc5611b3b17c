// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.log;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.slf4j.LoggerFactory;

/** What the JDK itself logs, RMI and the HTTP server above all, becomes lines of our log. Any thread. */
public final class LibraryLog extends Handler {
    private final SimpleFormatter formatter = new SimpleFormatter();

    /** From now on, for warnings and worse, instead of lines of their own form. */
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
