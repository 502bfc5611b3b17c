// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.access;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.millrace.telemetry.RateLimitedLog;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one listening socket, with limits on their number and on the time of each transfer. When there are
 * too many, it closes the connection that has not logged in and has been silent for longest, or else that of a
 * {@code readonly} user, but never the new one. Any thread; {@link #close} ends its thread,
 * {@code millrace-jmx-connections}.
 */
final class ConnectionTable implements AutoCloseable {
    /** More than all operators and monitoring systems of a machine need. */
    static final int MAX_CONNECTIONS = 128;

    /** The time from accepting a connection to its login; a connection in use may take the same time again. */
    static final Duration LOGIN_TIME = Duration.ofSeconds(5);

    /** The time for a large request to arrive, and for a response to be read by the client. */
    static final Duration TRANSFER_TIME = Duration.ofSeconds(30);

    /** A connection that was used within this time may be in use now. */
    private static final long RECENT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long LOOK_MILLIS = 250;

    /** The interval between two checks, in milliseconds, without connections: only the log may have to be flushed. */
    private static final long REST_MILLIS = 5000;

    private static final long END_MILLIS = 1000;

    private final RateLimitedLog log;
    private final Thread watch = new Thread(this::watch, "millrace-jmx-connections");

    @GuardedBy("this") private final Set<AcceptedSocket> connections = new LinkedHashSet<>();

    @GuardedBy("this") private boolean closed;

    ConnectionTable(RateLimitedLog log) {
        this.log = log;
        watch.setDaemon(true);
        watch.start();
    }

    /** Adds a connection, after closing another one if necessary. */
    void add(AcceptedSocket connection) {
        AcceptedSocket victim = null;
        synchronized (this) {
            if (connections.size() >= MAX_CONNECTIONS) {
                victim = leastWanted();
            }
            if (connections.isEmpty()) {
                notifyAll(); // without connections the watch thread waits for a long time
            }
            connections.add(connection);
        }
        if (victim != null) {
            String whose = victim.isAnonymous() ? " without login" : "";
            log.warn(
                    RateLimitedLog.Kind.FULL,
                    MAX_CONNECTIONS + " connections are open; closed the connection of " + victim.peer()
                            + ", which was idle for longest" + whose,
                    System.nanoTime());
            close(victim);
        }
    }

    @GuardedBy("this") private @Nullable AcceptedSocket leastWanted() {
        long now = System.nanoTime();
        var longestSilent = Comparator.<AcceptedSocket>comparingLong(connection -> now - connection.activeNanos())
                .reversed();
        AcceptedSocket victim = connections.stream()
                .min(Comparator.comparingInt(AcceptedSocket::rank).thenComparing(longestSilent))
                .orElse(null);
        connections.remove(victim);
        return victim;
    }

    synchronized void remove(AcceptedSocket connection) {
        connections.remove(connection);
    }

    /** Logs that a connection could not be accepted; the caller retries. */
    void notAccepted(IOException why, long pauseMillis) {
        log.warn(
                RateLimitedLog.Kind.FULL,
                "cannot accept a connection: " + why.getMessage() + "; retrying in " + pauseMillis + " ms",
                System.nanoTime());
    }

    /** Logs why a connection is closed. */
    void closed(AcceptedSocket connection, String why) {
        log.warn(
                RateLimitedLog.Kind.CLOSED,
                "closed the connection of " + connection.peer() + ": " + why,
                System.nanoTime());
    }

    void close(AcceptedSocket connection) {
        try {
            connection.close();
        } catch (IOException e) {
            remove(connection); // the connection is closed anyway
        }
    }

    private synchronized List<AcceptedSocket> snapshot() {
        return new ArrayList<>(connections);
    }

    private void watch() {
        try {
            while (awaitNextLook()) {
                long now = System.nanoTime();
                for (AcceptedSocket connection : snapshot()) {
                    look(connection, now);
                }
                log.flush(now);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // no code interrupts this thread
        }
    }

    private synchronized boolean awaitNextLook() throws InterruptedException {
        if (!closed) {
            wait(connections.isEmpty() ? REST_MILLIS : LOOK_MILLIS);
        }
        return !closed;
    }

    private void look(AcceptedSocket connection, long now) {
        if (connection.isAnonymous()) {
            long age = now - connection.openedNanos();
            boolean used = now - connection.activeNanos() < RECENT_NANOS;
            if (age > LOGIN_TIME.toNanos() * (used ? 2 : 1)) {
                if (connection.answers() < 2) { // otherwise a client of the registry, which has its response
                    closed(connection, "no login within " + LOGIN_TIME.toSeconds() + " s");
                }
                close(connection);
            }
            return;
        }
        boolean late = now - connection.blockedSinceNanos() > TRANSFER_TIME.toNanos();
        if (late && connection.activity() == AcceptedSocket.Activity.WRITING) {
            connection.cutOff("a client did not read a response within " + TRANSFER_TIME.toSeconds() + " s");
        } else if (late
                && connection.activity() == AcceptedSocket.Activity.READING
                && connection.requestBytes() > RequestBudget.SMALL_BYTES) {
            connection.cutOff("a request did not arrive within " + TRANSFER_TIME.toSeconds() + " s");
        }
    }

    /** Closes all connections and ends the thread. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        for (AcceptedSocket connection : snapshot()) {
            close(connection);
        }
        try {
            watch.join(END_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
