// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.millrace.posix.BytePath;
import io.millrace.prealloc.PoolListener;
import io.millrace.scan.FileResult;
import io.millrace.scan.ScansListener;
import io.millrace.worker.WorkerListener;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ServiceLogTest {
    /** What comes too often for a log, and is counted by metrics instead. */
    private static final Set<String> NOT_LOGGED = Set.of("read", "claimed", "filled");

    private final Logger logger = (Logger) LoggerFactory.getLogger("io.millrace");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final ServiceLog log = new ServiceLog();

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(lines);
    }

    @Test
    void tellsOfEverythingButWhatIsCounted() {
        Set<String> told = Stream.of(PoolListener.class, ScansListener.class, WorkerListener.class)
                .flatMap(type -> Stream.of(type.getMethods()))
                .map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        told.removeAll(NOT_LOGGED);
        told.removeAll(Stream.of(ServiceLog.class.getDeclaredMethods())
                .map(Method::getName)
                .toList());

        assertEquals(Set.of(), told);
    }

    @Test
    void warnsOfWhatMakesASettingUseless() {
        log.ioClassIgnored("sda", "none");
        log.pressureUnknown("/proc/pressure/io: no such file");
        log.unwatched("wal", "inotify_init1: too many open files (EMFILE)");
        log.couldNotEnd(List.of("index", "copy"), "pid 7: pidfd_send_signal: no such process (ESRCH)");

        assertEquals(
                List.of(
                        "sda: io-class has no effect on this device, since its scheduler 'none' knows none",
                        "no scan makes way, whatever yield-above says: /proc/pressure/io: no such file",
                        "pool wal: cannot be watched, so it is looked at once a second: inotify_init1: too many open"
                                + " files (EMFILE)",
                        "worker index or copy: a process was let go: pid 7: pidfd_send_signal: no such process (ESRCH)"),
                lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList());
        assertEquals(
                List.of(Level.WARN, Level.WARN, Level.WARN, Level.ERROR),
                lines.list.stream().map(ILoggingEvent::getLevel).toList());
    }

    @Test
    void namesAHundredLinesOfBadFilesOfOneScanAtTheMost() {
        var result = new FileResult(
                BytePath.of("/src/bad"),
                0,
                Map.of(),
                List.of(),
                0,
                Optional.empty(),
                Optional.of("/src/bad: open: no such file (ENOENT)"));
        for (int i = 0; i < 150; i++) {
            log.fileFinished("src-1", result);
        }
        log.fileFinished("src-2", result);

        assertEquals(101, lines.list.size());
        assertEquals(
                List.of(
                        "scan src-1: /src/bad: open: no such file (ENOENT)",
                        "scan src-1: and more; its results name every bad file",
                        "scan src-2: /src/bad: open: no such file (ENOENT)"),
                lines.list.subList(98, 101).stream()
                        .map(ILoggingEvent::getFormattedMessage)
                        .toList());
    }
}
