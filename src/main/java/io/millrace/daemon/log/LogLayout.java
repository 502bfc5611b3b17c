// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import io.millrace.posix.libc.BytePath;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Formats log lines. For the journal every line begins with its priority, {@code <6>}, and has no time of its own
 * (sd-daemon(3)); elsewhere it has time and level. A line is at most about 1,000 characters long, whatever a client or
 * a worker contributed to it. Control characters are shown as {@code \ooo}, so that nobody can forge a line.
 */
final class LogLayout extends LayoutBase<ILoggingEvent> {
    private static final int MAX_LINE_CHARS = 1024;
    private static final int ERROR = 3;
    private static final int WARNING = 4;
    private static final int INFO = 6;
    private static final int DEBUG = 7;

    private final boolean forJournal;

    LogLayout(boolean forJournal) {
        this.forJournal = forJournal;
    }

    @Override
    public String doLayout(ILoggingEvent event) {
        String begin = forJournal
                ? "<" + priority(event.getLevel()) + ">"
                : Instant.ofEpochMilli(event.getTimeStamp()).truncatedTo(ChronoUnit.MILLIS) + " " + event.getLevel()
                        + " ";
        var lines = new StringBuilder();
        event.getFormattedMessage().lines().forEach(line -> append(lines, begin, line));
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            ThrowableProxyUtil.asString(thrown)
                    .lines()
                    .forEach(line -> append(lines, begin, line.replace("\t", "    ")));
        }
        return lines.toString();
    }

    private static void append(StringBuilder lines, String begin, String line) {
        lines.append(begin).append(bounded(printable(line))).append('\n');
    }

    /**
     * Removes the middle: the beginning of a line names its subject, and the end contains the file name and the reason.
     */
    private static String bounded(String line) {
        if (line.length() <= MAX_LINE_CHARS) {
            return line;
        }
        int head = beforePair(line, MAX_LINE_CHARS / 4);
        int tail = beforePair(line, line.length() - MAX_LINE_CHARS / 2);
        return line.substring(0, head) + " … (" + (tail - head) + " characters left out) … " + line.substring(tail);
    }

    /** Returns an index that does not split a surrogate pair. */
    private static int beforePair(String line, int index) {
        return Character.isLowSurrogate(line.charAt(index)) ? index - 1 : index;
    }

    /** Keeps printable text unchanged, including the escapes in names. */
    private static String printable(String line) {
        return line.codePoints().noneMatch(LogLayout::isControl)
                ? line
                : BytePath.display(line.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean isControl(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    private static int priority(Level level) {
        return switch (level.toInt()) {
            case Level.ERROR_INT -> ERROR;
            case Level.WARN_INT -> WARNING;
            case Level.INFO_INT -> INFO;
            default -> DEBUG;
        };
    }
}
