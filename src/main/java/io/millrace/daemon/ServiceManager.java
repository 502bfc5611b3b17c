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
 * Reports the state of the service to systemd by the protocol of sd_notify(3); does nothing if systemd did not start
 * the service. A failure to send is logged once and otherwise ignored. Sending never blocks: a message that the socket
 * has no room for is sent later by {@link #again}. Any thread.
 */
final class ServiceManager {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);
    private static final long NANOS_PER_MICRO = 1_000;

    /** The last eight reloads, with two messages each, suffice to know the current state. */
    private static final int MAX_PENDING = 16;

    private final Posix posix;
    private final Optional<String> socket;
    private final Optional<Duration> watchdog;

    /** Messages that must be delivered in this order and that the socket had no room for so far. */
    @GuardedBy("this") private final Deque<String> pending = new ArrayDeque<>();

    @GuardedBy("this") private boolean complained;

    private ServiceManager(Posix posix, Optional<String> socket, Optional<Duration> watchdog) {
        this.posix = posix;
        this.socket = socket;
        this.watchdog = watchdog;
    }

    /** Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID. */
    static ServiceManager ofEnvironment(Posix posix, Map<String, String> environment) {
        String pid = environment.get("WATCHDOG_PID");
        boolean ours =
                pid == null || pid.equals(String.valueOf(ProcessHandle.current().pid()));
        Optional<Duration> watchdog = Optional.ofNullable(environment.get("WATCHDOG_USEC"))
                .filter(usec -> ours && usec.matches("[1-9][0-9]{0,15}"))
                .map(usec -> Duration.ofNanos(Long.parseLong(usec) * NANOS_PER_MICRO));
        return new ServiceManager(posix, Optional.ofNullable(environment.get("NOTIFY_SOCKET")), watchdog);
    }

    /**
     * Returns how long systemd waits for {@link #isAlive} before it considers the service dead; empty if the watchdog
     * is disabled.
     */
    Optional<Duration> watchdog() {
        return watchdog;
    }

    void isReady(String sentence) {
        insist("READY=1\nSTATUS=" + sentence);
    }

    void isReloading() {
        insist("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / NANOS_PER_MICRO); // nanoTime() is CLOCK_MONOTONIC
    }

    void isStopping(String sentence) {
        insist("STOPPING=1\nSTATUS=" + sentence);
    }

    /** Asks systemd to allow {@code more} time, from now, for stopping. */
    void needs(Duration more) {
        tell("EXTEND_TIMEOUT_USEC=" + more.toNanos() / NANOS_PER_MICRO);
    }

    void isAlive() {
        if (watchdog.isPresent()) {
            tell("WATCHDOG=1");
        }
    }

    /** Sends the messages that the socket had no room for before. */
    synchronized void again() {
        while (!pending.isEmpty() && isHeard(pending.getFirst())) {
            pending.removeFirst();
        }
    }

    void says(String sentence) {
        tell("STATUS=" + sentence);
    }

    /**
     * Sends a message that changes systemd's view of the service: in order, and later if the socket has no room now.
     */
    private synchronized void insist(String message) {
        pending.addLast(message);
        while (pending.size() > MAX_PENDING) {
            pending.removeFirst();
        }
        again();
    }

    /** Sends a message that need not be repeated on failure, because a newer one follows soon. */
    private synchronized void tell(String message) {
        again();
        if (pending.isEmpty()) {
            boolean unused = isHeard(message);
        }
    }

    /** Returns false if the socket has no room now. A message that cannot be sent at all counts as sent. */
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
