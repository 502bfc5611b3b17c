// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.PosixException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd how the service is, by the protocol of sd_notify(3); tells nobody where it was not started by systemd.
 * What cannot be told is logged once and does not disturb.
 * Nothing waits for it: what it has no room for is told {@link #again} later. Any thread.
 */
final class ServiceManager {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);
    private static final long NANOS_PER_MICRO = 1_000;

    /** The last eight reloads, each two messages, are enough to know what holds. */
    private static final int MAX_UNHEARD = 16;

    private final Posix posix;
    private final Optional<String> socket;
    private final Optional<Duration> watchdog;

    /** What it has to hear, in this order, and had no room for so far. */
    @GuardedBy("this") private final Deque<String> unheard = new ArrayDeque<>();

    @GuardedBy("this") private boolean complained;

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
        insist("READY=1\nSTATUS=" + sentence);
    }

    void isReloading() {
        insist("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / NANOS_PER_MICRO); // its clock is CLOCK_MONOTONIC
    }

    void isStopping(String sentence) {
        insist("STOPPING=1\nSTATUS=" + sentence);
    }

    /** Asks for so much more time to stop. */
    void needs(Duration more) {
        tell("EXTEND_TIMEOUT_USEC=" + more.toNanos() / NANOS_PER_MICRO);
    }

    void isAlive() {
        if (watchdog.isPresent()) {
            tell("WATCHDOG=1");
        }
    }

    /** Tells what it had no room for before. */
    synchronized void again() {
        while (!unheard.isEmpty() && isHeard(unheard.getFirst())) {
            unheard.removeFirst();
        }
    }

    void says(String sentence) {
        tell("STATUS=" + sentence);
    }

    /** What changes its mind about the service: told in order, later if need be. */
    private synchronized void insist(String message) {
        unheard.addLast(message);
        while (unheard.size() > MAX_UNHEARD) {
            unheard.removeFirst();
        }
        again();
    }

    /** What will be told anew soon. */
    private synchronized void tell(String message) {
        again();
        if (unheard.isEmpty()) {
            boolean unused = isHeard(message);
        }
    }

    /** False where there is no room for it now. What cannot be told at all counts as heard. */
    @GuardedBy("this") private boolean isHeard(String message) {
        if (socket.isPresent()) {
            try {
                posix.sockets().sendDatagram(BytePath.of(socket.get()), message.getBytes(StandardCharsets.UTF_8));
            } catch (PosixException e) {
                if (e.is(Errno.EAGAIN)) {
                    return false;
                }
                complain(e);
            } catch (IllegalArgumentException e) {
                complain(e);
            }
        }
        return true;
    }

    @GuardedBy("this") private void complain(Exception e) {
        if (!complained) {
            complained = true;
            LOG.warn("systemd cannot be told how the service is: {}", e.getMessage());
        }
    }
}
