// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.posix.linux.LinuxPosix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What systemd gets to hear, and the watch that decides whether it hears that we are alive. */
class ServiceManagerIT {
    @TempDir
    Path directory;

    private NotifySocket systemd;

    @BeforeEach
    void open() throws IOException {
        systemd = NotifySocket.open(directory.resolve("notify"));
    }

    @AfterEach
    void close() throws InterruptedException {
        systemd.close();
    }

    private ServiceManager manager(String... more) {
        return ServiceManager.ofEnvironment(
                LinuxPosix.create(),
                more.length == 0
                        ? Map.of("NOTIFY_SOCKET", systemd.path().toString())
                        : Map.of(
                                "NOTIFY_SOCKET",
                                systemd.path().toString(),
                                "WATCHDOG_USEC",
                                "3000000",
                                more[0],
                                more[1]));
    }

    private static String self() {
        return String.valueOf(ProcessHandle.current().pid());
    }

    private void signalSystemd(String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(systemd.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    @Test
    void theWatchdogHearsNothingWhileNothingMoves() throws Exception {
        var moves = new AtomicBoolean(true);
        ServiceManager manager = manager("WATCHDOG_PID", self());
        var watch = new Watchdog(moves::get, manager);
        assertThat(watch.period()).isEqualTo(Duration.ofSeconds(1));
        watch.beat();
        assertThat(systemd.await("")).isEqualTo("WATCHDOG=1");
        moves.set(false);
        watch.beat();
        watch.beat();
        manager.says("stuck");
        assertThat(systemd.await("")).isEqualTo("STATUS=stuck");
        moves.set(true);
        watch.beat();
        assertThat(systemd.await("")).isEqualTo("WATCHDOG=1");
    }

    @Test
    void nobodyIsToldOfLifeWhereNobodyWatches() throws Exception {
        for (ServiceManager manager : new ServiceManager[] {manager(), manager("WATCHDOG_PID", self() + "0")}) {
            assertThat(manager.watchdog()).isEmpty();
            var watch = new Watchdog(() -> true, manager);
            assertThat(watch.period()).isEqualTo(Duration.ofSeconds(10));
            watch.beat();
            manager.says("silent");
            assertThat(systemd.await("")).isEqualTo("STATUS=silent");
        }
    }

    @Test
    void aMessageThatThereWasNoRoomForIsToldLaterAndInOrder() throws Exception {
        ServiceManager manager = manager();
        signalSystemd("STOP");
        for (int i = 0; i < 2_000; i++) {
            manager.says("filling"); // however long the queue of this kernel is
        }
        manager.isReloading();
        manager.isReady("reloaded");
        manager.says("not now");
        signalSystemd("CONT");
        String next = systemd.await("");
        while (next.equals("STATUS=filling")) { // it has read one, so that there is room for another
            manager.again();
            next = systemd.await("");
        }
        assertThat(next).startsWith("RELOADING=1|MONOTONIC_USEC=");
        manager.again();
        assertThat(systemd.await("")).isEqualTo("READY=1|STATUS=reloaded");
        manager.isStopping("gone");
        assertThat(systemd.await("")).isEqualTo("STOPPING=1|STATUS=gone");
    }

    @Test
    void whoDoesNotListenDisturbsNobody() throws Exception {
        systemd.close();
        ServiceManager manager = manager();
        manager.isReady("nobody hears");
        Files.delete(systemd.path());
        manager.isReloading();
        manager.isReady("nor now");
        ServiceManager none = ServiceManager.ofEnvironment(LinuxPosix.create(), Map.of());
        none.isReady("no systemd");
        systemd = NotifySocket.open(systemd.path());
        manager.isReady("again");
        assertThat(systemd.await("")).isEqualTo("READY=1|STATUS=again");
    }
}
