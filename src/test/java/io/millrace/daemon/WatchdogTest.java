// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.millrace.posix.linux.LinuxPosix;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class WatchdogTest {
    private static final int DEEP = 40;

    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger log = (Logger) LoggerFactory.getLogger(Watchdog.class);

    @BeforeEach
    void listen() {
        lines.start();
        log.addAppender(lines);
    }

    @AfterEach
    void leave() {
        log.detachAppender(lines);
    }

    private static void hang(int deeper, CountDownLatch there, CountDownLatch end) {
        if (deeper > 0) {
            hang(deeper - 1, there, end);
            return;
        }
        there.countDown();
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<String> said() {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void tellsOnceWhereEveryThreadIsToItsLastFrame() throws Exception {
        var there = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        var alive = new AtomicBoolean(true);
        var watch = new Watchdog(alive::get, ServiceManager.ofEnvironment(LinuxPosix.create(), Map.of()));
        var thread = new Thread(() -> hang(DEEP, there, end), "a-deep-one");
        thread.start();
        try {
            there.await();
            watch.beat();
            assertThat(said()).isEmpty();
            alive.set(false);
            watch.beat();
            assertThat(said().get(0)).startsWith("no progress");
            String deep = said().stream()
                    .filter(line -> line.startsWith("'a-deep-one' "))
                    .findFirst()
                    .orElseThrow();
            assertThat(deep.lines().filter(line -> line.contains("WatchdogTest.hang(")))
                    .hasSize(DEEP + 1);
            assertThat(deep.lines().reduce((a, b) -> b).orElseThrow()).contains("Thread.run(");
            int all = lines.list.size();
            watch.beat();
            assertThat(lines.list).as("told once").hasSize(all);
        } finally {
            end.countDown();
            thread.join();
        }
    }

    @Test
    void isDueThriceWithinTheTimeThatSystemdWaits() {
        var manager = ServiceManager.ofEnvironment(LinuxPosix.create(), Map.of("WATCHDOG_USEC", "3000000"));
        assertThat(new Watchdog(() -> true, manager).period()).isEqualTo(Duration.ofSeconds(1));
    }
}
