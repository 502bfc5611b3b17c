// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import io.millrace.posix.BytePath;
import io.millrace.posix.Posix;
import io.millrace.posix.PosixException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd how the service is, by the protocol of sd_notify(3); tells nobody where it was not started by systemd.
 * What cannot be told is logged once and does not disturb. Any thread.
 */
final class ServiceManager {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);
    private static final long NANOS_PER_MICRO = 1_000;

    private final Posix posix;
    private final Optional<String> socket;
    private final Optional<Duration> watchdog;
    private boolean complained;

    private ServiceManager(Posix posix, Optional<String> socket, Optional<Duration> watchdog) {
        this.posix = posix;
        this.socket = socket;
        this.watchdog = watchdog;
    }

    /** By NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID. */
    static ServiceManager ofEnvironment(Posix posix, Map<String, String> environment) {
        String pid = environment.get("WATCHDOG_PID");
        boolean ours =
                pid == null || pid.equals(String.valueOf(ProcessHandle.current().pid()));
        Optional<Duration> watchdog = Optional.ofNullable(environment.get("WATCHDOG_USEC"))
                .filter(usec -> ours && usec.matches("[1-9][0-9]{0,15}"))
                .map(usec -> Duration.ofNanos(Long.parseLong(usec) * NANOS_PER_MICRO));
        return new ServiceManager(posix, Optional.ofNullable(environment.get("NOTIFY_SOCKET")), watchdog);
    }

    /** How long it waits for {@link #isAlive} before it takes the service for dead; empty where it does not watch. */
    Optional<Duration> watchdog() {
        return watchdog;
    }

    void isReady(String sentence) {
        tell("READY=1\nSTATUS=" + sentence);
    }

    void isReloading() {
        tell("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / NANOS_PER_MICRO); // its clock is CLOCK_MONOTONIC
    }

    void isStopping(String sentence) {
        tell("STOPPING=1\nSTATUS=" + sentence);
    }

    /** Asks for so much more time to stop. */
    void needs(Duration more) {
        tell("EXTEND_TIMEOUT_USEC=" + more.toNanos() / NANOS_PER_MICRO);
    }

    void isAlive() {
        tell("WATCHDOG=1");
    }

    void says(String sentence) {
        tell("STATUS=" + sentence);
    }

    private void tell(String message) {
        if (socket.isEmpty()) {
            return;
        }
        try {
            posix.sockets().sendDatagram(BytePath.of(socket.get()), message.getBytes(StandardCharsets.UTF_8));
        } catch (PosixException | IllegalArgumentException e) {
            complain(e);
        }
    }

    private synchronized void complain(Exception e) {
        if (!complained) {
            complained = true;
            LOG.warn("systemd cannot be told how the service is: {}", e.getMessage());
        }
    }
}
