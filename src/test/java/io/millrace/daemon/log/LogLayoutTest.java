// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import org.junit.jupiter.api.Test;

class LogLayoutTest {
    private static String format(boolean forJournal, Level level, Throwable thrown, String message, Object... args) {
        var logger = new LoggerContext().getLogger("io.millrace.test");
        return new LogLayout(forJournal).doLayout(new LoggingEvent("", logger, level, message, thrown, args));
    }

    @Test
    void beginsWithThePriorityInTheJournal() {
        assertThat(format(true, Level.ERROR, null, "a {}", 1)).isEqualTo("<3>a 1\n");
        assertThat(format(true, Level.WARN, null, "b")).isEqualTo("<4>b\n");
        assertThat(format(true, Level.INFO, null, "c")).isEqualTo("<6>c\n");
        assertThat(format(true, Level.DEBUG, null, "d")).isEqualTo("<7>d\n");
    }

    @Test
    void beginsWithTimeAndLevelElsewhere() {
        assertThat(format(false, Level.WARN, null, "b"))
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{3})?Z WARN b\n");
    }

    @Test
    void showsEveryLineOfAStackTraceWithItsPriority() {
        String lines = format(true, Level.ERROR, new IllegalStateException("broken"), "a");
        assertThat(lines.lines()).hasSizeGreaterThan(3).allMatch(line -> line.startsWith("<3>"));
        assertThat(lines).contains("<3>java.lang.IllegalStateException: broken\n");
    }

    @Test
    void letsNobodyMakeALineOrAPriorityOfHisOwn() {
        assertThat(format(true, Level.INFO, null, "{}", "x\u001b[31m\u202ey"))
                .isEqualTo("<6>x\\033[31m\\342\\200\\256y\n");
        assertThat(format(true, Level.INFO, null, "{}", "a\n<0>b").lines()).containsExactly("<6>a", "<6><0>b");
    }

    @Test
    void leavesNamesThatAreEscapedAlready() {
        assertThat(format(true, Level.INFO, null, "{}", "/srv/a\\012b")).isEqualTo("<6>/srv/a\\012b\n");
    }

    @Test
    void keepsTheEndsOfALineThatIsTooLong() {
        String path = "/srv/" + "\ud83d\ude00/x".repeat(1000) + "/name.bin";
        String line = format(true, Level.WARN, null, "scan s-1: {}: open: no such file (ENOENT)", path);
        assertThat(line)
                .hasSizeLessThan(1024)
                .startsWith("<4>scan s-1: /srv/")
                .contains(" characters left out) … ")
                .endsWith("/name.bin: open: no such file (ENOENT)\n");
        assertThat(line.getBytes(java.nio.charset.StandardCharsets.UTF_8)).doesNotContain((byte) '?');
        String fits = "x".repeat(1024);
        assertThat(format(true, Level.INFO, null, fits)).isEqualTo("<6>" + fits + "\n");
    }
}
