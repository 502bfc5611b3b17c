// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.millrace.daemon.ScanStatuses;
import io.millrace.pagecache.CacheEffect;
import io.millrace.posix.libc.BytePath;
import io.millrace.prealloc.FillMode;
import io.millrace.prealloc.Reserve;
import io.millrace.prealloc.pool.NamePattern;
import io.millrace.prealloc.pool.PoolListener;
import io.millrace.prealloc.pool.PoolSpec;
import io.millrace.prealloc.pool.PoolState;
import io.millrace.prealloc.pool.PoolStatus;
import io.millrace.scan.FileResult;
import io.millrace.scan.ScanSummary;
import io.millrace.scan.job.ScanServiceListener;
import io.millrace.scan.job.ScanState;
import io.millrace.scan.job.ScanStatus;
import io.millrace.scan.walk.Skipped;
import io.millrace.worker.WorkerListener;
import io.millrace.worker.WorkerMode;
import io.millrace.worker.WorkerOutcome;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
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
    private long nanos;
    private final ServiceLog log = new ServiceLog(() -> nanos);

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
        Set<String> told = Stream.of(PoolListener.class, ScanServiceListener.class, WorkerListener.class)
                .flatMap(type -> Stream.of(type.getMethods()))
                .map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        told.removeAll(NOT_LOGGED);
        told.removeAll(Stream.of(ServiceLog.class.getDeclaredMethods())
                .map(Method::getName)
                .toList());

        assertEquals(Set.of(), told);
    }

    private static final ScanSummary GOOD =
            new ScanSummary(3, 0, 0, 0, Skipped.NONE, 5 << 20, 1.0, CacheEffect.NONE, 0, false, Set.of());
    private static final ScanSummary BAD =
            new ScanSummary(3, 1, 0, 0, Skipped.NONE, 5 << 20, 1.0, CacheEffect.NONE, 0, false, Set.of());

    private void run(int number, Optional<String> source, Optional<ScanSummary> summary) {
        String id = source.orElse("request") + "-" + number;
        log.started(status(id, source, ScanState.RUNNING));
        nanos += TimeUnit.MINUTES.toNanos(1);
        log.ended(status(id, source, summary.isEmpty() ? ScanState.FAILED : ScanState.FINISHED), summary);
    }

    private static ScanStatus status(String id, Optional<String> source, ScanState state) {
        return ScanStatuses.of(id, source, state, Optional.of("/src: open: no such file (ENOENT)"));
    }

    /** A source that is scanned every minute wrote 2,880 lines a day about nothing. */
    @Test
    void goodRunsOfASourceAreToldOfOnceAnHourAndEverythingElseAlways() {
        for (int i = 1; i <= 120; i++) {
            run(i, Optional.of("src"), Optional.of(i == 90 ? BAD : GOOD));
        }
        run(121, Optional.of("src"), Optional.empty());
        run(122, Optional.of("src"), Optional.empty());
        run(123, Optional.of("src"), Optional.of(GOOD));

        assertEquals(
                List.of(
                        "INFO scan src-1: started",
                        "INFO scan src-1: " + describe("read 3", 0),
                        "INFO scan src-61: " + describe("read 3", 0) + "; 59 successful runs before it not logged",
                        "WARN scan src-90: " + describe("read 3", 1) + "; 28 successful runs before it not logged",
                        "INFO scan src-91: started",
                        "INFO scan src-91: " + describe("read 3", 0),
                        "ERROR scan src-121: failed: /src: open: no such file (ENOENT)",
                        "INFO scan src-122: started",
                        "ERROR scan src-122: failed: /src: open: no such file (ENOENT)",
                        "INFO scan src-123: started",
                        "INFO scan src-123: " + describe("read 3", 0)),
                told());
    }

    private List<String> told() {
        return lines.list.stream()
                .map(line -> line.getLevel() + " " + line.getFormattedMessage())
                .toList();
    }

    private static String describe(String read, int failed) {
        return read + " files, 5.00 MiB in 1.0 s (5.00 MiB/s); " + failed
                + " failed, 0 changed while being read, 0 failed at a worker; 0 B left in the page cache";
    }

    @Test
    void eachScanThatWasAskedForIsToldOf() {
        run(1, Optional.empty(), Optional.of(GOOD));
        run(2, Optional.empty(), Optional.of(GOOD));
        run(1, Optional.of("other"), Optional.of(GOOD));

        assertEquals(6, lines.list.size());
    }

    @Test
    void aPoolIsToldOfAtTheLevelThatItsStateDeserves() {
        for (PoolState state : PoolState.values()) {
            log.changed(pool(state));
        }
        for (int i = 0; i < 150; i++) {
            log.stranger("wal", "x" + i + ": none of the pool's");
        }

        assertEquals(
                List.of(
                        "INFO pool wal: ready with 1 file",
                        "WARN pool wal: starved with 1 of 4 files: why",
                        "ERROR pool wal: cannot be filled: why",
                        "WARN pool wal: ignoring foreign file: x0: none of the pool's"),
                told().subList(0, 4));
        assertEquals(3 + 100, lines.list.size());
        assertEquals(
                "WARN pool wal: ignoring foreign file: x99: none of the pool's; no more such lines of this pool within the hour",
                told().get(102));
    }

    private static PoolStatus pool(PoolState state) {
        var spec = new PoolSpec(
                "wal",
                BytePath.of("/srv/wal"),
                64 << 20,
                4,
                new NamePattern("segment-%016x"),
                FillMode.RESERVE,
                0640,
                OptionalInt.empty(),
                OptionalInt.empty(),
                Reserve.NONE);
        return new PoolStatus(
                spec,
                state,
                1,
                0,
                0,
                Optional.of("why"),
                0,
                0,
                List.of(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalDouble.empty());
    }

    @Test
    void ofAWorkerThatFailsEveryFileTheFirstThreeAndHowManyAreTold() {
        for (int i = 0; i < 50; i++) {
            var outcome = new WorkerOutcome(
                    "index", WorkerMode.PER_FILE, WorkerOutcome.Kind.CRASHED, OptionalInt.empty(), "", "signal 11", 1);
            log.fileFinished(
                    "src-1",
                    new FileResult(
                            BytePath.of("/src/" + i),
                            0,
                            Map.of(),
                            List.of(outcome),
                            0,
                            Optional.empty(),
                            Optional.empty()));
        }
        log.restarts("index", "crashed: signal 11");
        log.quarantined("index", "crashed: signal 11");
        log.line("index", 7, "hello");
        log.ended(status("src-1", Optional.of("src"), ScanState.FINISHED), Optional.of(BAD));

        var told = told();
        assertEquals(8, told.size(), told.toString());
        assertEquals("WARN worker index: restarting: crashed: signal 11", told.get(3));
        assertEquals("ERROR worker index: quarantined: crashed: signal 11", told.get(4));
        assertEquals("INFO worker index[7]: hello", told.get(5));
        assertEquals(
                "WARN scan src-1: worker index failed on 50 files; the first 3 are logged above, the results contain"
                        + " all",
                told.get(6));
    }

    @Test
    void warnsOfWhatMakesASettingUseless() {
        log.ioClassIgnored("sda", "none");
        log.pressureUnknown("/proc/pressure/io: no such file");
        log.unwatched("wal", "inotify_init1: too many open files (EMFILE)");
        log.couldNotEnd(List.of("index", "copy"), "pid 7: pidfd_send_signal: no such process (ESRCH)");

        assertEquals(
                List.of(
                        "sda: io-class has no effect on this device, because its scheduler 'none' does not support I/O classes",
                        "yield-above has no effect: I/O pressure is unknown: /proc/pressure/io: no such file",
                        "pool wal: cannot be watched by inotify, polling once a second: inotify_init1: too many open"
                                + " files (EMFILE)",
                        "worker index or copy: a process could not be killed: pid 7: pidfd_send_signal: no such process (ESRCH)"),
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
                        "scan src-1: further failures are not logged; its results contain every failed file",
                        "scan src-2: /src/bad: open: no such file (ENOENT)"),
                lines.list.subList(98, 101).stream()
                        .map(ILoggingEvent::getFormattedMessage)
                        .toList());
    }
}
