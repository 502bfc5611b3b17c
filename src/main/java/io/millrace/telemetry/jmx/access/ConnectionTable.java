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
 * The connections of one listening socket: how many there are at most, and how long each may take. When there are too
 * many, the one is closed that did not log in and has been silent for longest, else that of a {@code readonly} user, and
 * never the newcomer. Any thread; {@link #close} ends its own, {@code millrace-jmx-connections}.
 */
final class ConnectionTable implements AutoCloseable {
    /** More than all operators and monitors of a machine. */
    static final int MAX_CONNECTIONS = 128;

    /** From accepting a connection to its login; one that is in use may have as much again. */
    static final Duration LOGIN_TIME = Duration.ofSeconds(5);

    /** For a request to arrive, if it is a large one, and for an answer to be taken. */
    static final Duration TRANSFER_TIME = Duration.ofSeconds(30);

    /** A connection that was used so recently may be in use now. */
    private static final long RECENT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long LOOK_MILLIS = 250;

    /** Between two looks, in milliseconds, while nobody is connected: only the log may have something to add. */
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

    /** Makes room for a new connection. */
    void add(AcceptedSocket connection) {
        AcceptedSocket victim = null;
        synchronized (this) {
            if (connections.size() >= MAX_CONNECTIONS) {
                victim = leastWanted();
            }
            if (connections.isEmpty()) {
                notifyAll(); // the watch rests for long while there are none
            }
            connections.add(connection);
        }
        if (victim != null) {
            String whose = victim.isAnonymous() ? " without login" : "";
            log.warn(
                    RateLimitedLog.Kind.FULL,
                    MAX_CONNECTIONS + " connections are open; closed that of " + victim.peer()
                            + ", the longest silent one" + whose,
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

    /** A connection that came could not be accepted; the caller tries again. */
    void notAccepted(IOException why, long pauseMillis) {
        log.warn(
                RateLimitedLog.Kind.FULL,
                "cannot accept a connection: " + why.getMessage() + "; tried again in " + pauseMillis + " ms",
                System.nanoTime());
    }

    /** A connection is closed for this reason. */
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
            remove(connection); // it is closed all the same
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
            Thread.currentThread().interrupt(); // by nobody
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
                if (connection.answers() < 2) { // else a registry's client that has its answer
                    closed(connection, "no login within " + LOGIN_TIME.toSeconds() + " s");
                }
                close(connection);
            }
            return;
        }
        boolean late = now - connection.blockedSinceNanos() > TRANSFER_TIME.toNanos();
        if (late && connection.activity() == AcceptedSocket.Activity.WRITING) {
            connection.cutOff("an answer was not taken within " + TRANSFER_TIME.toSeconds() + " s");
        } else if (late
                && connection.activity() == AcceptedSocket.Activity.READING
                && connection.requestBytes() > RequestBudget.SMALL_BYTES) {
            connection.cutOff("a request did not arrive within " + TRANSFER_TIME.toSeconds() + " s");
        }
    }

    /** Closes all connections, and ends its thread. */
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
