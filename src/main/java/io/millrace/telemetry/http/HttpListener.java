// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.http;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpHandler;
import io.millrace.telemetry.RateLimitedLog;
import io.millrace.telemetry.http.HttpConnection.State;
import io.millrace.telemetry.http.HttpRequestHead.BadRequestException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts HTTP connections and reads request heads on one thread ({@code millrace-http-listener}). An executor serves a
 * request once it is complete, so that a client that sends half a request, or nothing, does not occupy a thread. When
 * there are too many connections, the one that has waited longest without a complete request is closed, never the new
 * one.
 *
 * <p>The JDK's own server (com.sun.net.httpserver), whose {@code HttpExchange} the handlers use, refuses the new
 * connection, and reads a head on a thread that waits for the client.
 */
final class HttpListener implements AutoCloseable {
    static final int MAX_CONNECTIONS = 1024;

    /** The total size of incomplete request heads. */
    static final int MAX_HELD_BYTES = 2 << 20;

    /** The time for a request to arrive, from its first byte or from the start of the connection. */
    static final Duration ARRIVAL_TIME = Duration.ofSeconds(5);

    static final Duration IDLE_TIME = Duration.ofSeconds(10);

    /** The time for the client to read a response before unread input resets the connection. */
    private static final Duration ENDING_TIME = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(HttpListener.class);
    private static final long LOOK_MILLIS = 250;
    private static final long END_MILLIS = 1000;
    private static final int READ_BYTES = 16 << 10;
    private static final int ACCEPTS_AT_ONCE = 64;

    private final ServerSocketChannel listening;
    private final Selector selector;
    private final InetSocketAddress address;
    private final Executor executor;
    private final HttpHandler handler;
    private final RateLimitedLog log = new RateLimitedLog("http", LOG);
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);

    /** All connections; those that wait for a request have a selection key. */
    private final Map<HttpConnection, Boolean> connections = new ConcurrentHashMap<>();

    private final Queue<HttpConnection> answered = new ConcurrentLinkedQueue<>();
    private final Thread thread = new Thread(this::run, "millrace-http-listener");
    private volatile boolean closed;
    private boolean isAccepting = true;

    /**
     * A request that is passed to the executor at the end of a round, when its channel is deregistered from the
     * selector.
     */
    private record Arrived(HttpConnection connection, HttpRequestHead request) {}

    private final List<Arrived> arrived = new ArrayList<>();

    private HttpListener(ServerSocketChannel listening, Selector selector, Executor executor, HttpHandler handler)
            throws IOException {
        this.listening = listening;
        this.selector = selector;
        this.address = (InetSocketAddress) listening.getLocalAddress();
        this.executor = executor;
        this.handler = handler;
    }

    /** Binds the socket; {@link #start} starts serving. */
    static HttpListener open(InetSocketAddress address, int backlog, Executor executor, HttpHandler handler)
            throws IOException {
        var listening = ServerSocketChannel.open();
        try {
            listening.bind(address, backlog);
            listening.configureBlocking(false);
            var selector = Selector.open();
            listening.register(selector, SelectionKey.OP_ACCEPT);
            return new HttpListener(listening, selector, executor, handler);
        } catch (IOException e) {
            listening.close();
            throw e;
        }
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    InetSocketAddress address() {
        return address;
    }

    private void run() {
        try {
            long nextLook = System.nanoTime();
            while (!closed) {
                selector.select(connections.isEmpty() && isAccepting ? 0 : LOOK_MILLIS);
                var keys = selector.selectedKeys();
                for (SelectionKey key : keys) {
                    handle(key);
                }
                keys.clear();
                for (HttpConnection back = answered.poll(); back != null; back = answered.poll()) {
                    resume(back);
                }
                handOver();
                long now = System.nanoTime();
                if (now - nextLook >= 0) {
                    nextLook = now + TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS);
                    closeLate(now);
                    setAccepting(true);
                    log.flush(now);
                }
            }
        } catch (IOException | RuntimeException e) {
            LOG.error("http: server stopped", e);
        } finally {
            end();
        }
    }

    private void handle(SelectionKey key) {
        if (!key.isValid()) {
            return;
        }
        if (key.isAcceptable()) {
            accept();
        } else if (key.attachment() instanceof HttpConnection connection) {
            try {
                receive(key, connection);
            } catch (RuntimeException e) { // otherwise it would end all connections
                LOG.warn("http: cannot read a request", e);
                close(connection);
            }
        }
    }

    private void accept() {
        for (int i = 0; i < ACCEPTS_AT_ONCE; i++) {
            try {
                SocketChannel channel = listening.accept();
                if (channel == null) {
                    return;
                }
                var connection = new HttpConnection(channel);
                if (connections.size() >= MAX_CONNECTIONS) {
                    closeOne(longestFirst(), MAX_CONNECTIONS + " connections are open");
                }
                connections.put(connection, true);
                channel.configureBlocking(false);
                channel.socket().setTcpNoDelay(true);
                channel.register(selector, SelectionKey.OP_READ, connection);
            } catch (IOException e) { // the client has disconnected, or no descriptor is available
                String why = "cannot accept a connection: " + e.getMessage();
                if (!closeOne(longestFirst(), why)) {
                    log.warn(RateLimitedLog.Kind.FULL, why + "; retrying in " + LOOK_MILLIS + " ms", System.nanoTime());
                    setAccepting(false);
                }
                return;
            }
        }
    }

    /**
     * A connection that cannot be accepted stays in the queue: as long as accepting is selected for, the selector would
     * return at once.
     */
    private void setAccepting(boolean accepts) {
        if (accepts != isAccepting) {
            isAccepting = accepts;
            listening.keyFor(selector).interestOps(accepts ? SelectionKey.OP_ACCEPT : 0);
        }
    }

    private static ToLongFunction<HttpConnection> longestFirst() {
        long now = System.nanoTime();
        return connection -> connection.sinceNanos() - now;
    }

    /** Closes the first connection in this order that has no complete request; returns false if there is none. */
    @CanIgnoreReturnValue
    private boolean closeOne(ToLongFunction<HttpConnection> order, String why) {
        Optional<HttpConnection> victim = connections.keySet().stream()
                .filter(connection -> connection.channel().keyFor(selector) != null)
                .min(Comparator.comparingLong(order));
        victim.ifPresent(one -> {
            String line = why + "; closed the connection of " + one.peer() + ", which sent no whole request";
            log.warn(RateLimitedLog.Kind.FULL, line, System.nanoTime());
            close(one);
        });
        return victim.isPresent();
    }

    private void receive(SelectionKey key, HttpConnection connection) {
        try {
            boolean open = connection.receive(buffer);
            if (!open) {
                close(connection);
            } else if (connection.state() != State.ENDING) {
                take(key, connection);
                if (connection.heldBytes() > MAX_HELD_BYTES / MAX_CONNECTIONS && heldBytes() > MAX_HELD_BYTES) {
                    closeOne(held -> -(long) held.heldBytes(), "requests that have arrived in part are too large");
                }
            }
        } catch (BadRequestException e) {
            refuse(connection, e);
        } catch (IOException e) {
            close(connection);
        }
    }

    private long heldBytes() {
        return connections.keySet().stream()
                .mapToLong(HttpConnection::heldBytes)
                .sum();
    }

    private void take(SelectionKey key, HttpConnection connection) throws BadRequestException {
        HttpRequestHead request = connection.next();
        if (request != null) {
            key.cancel();
            arrived.add(new Arrived(connection, request));
        }
    }

    /** Sends the error response as far as the socket accepts it without waiting. */
    private void refuse(HttpConnection connection, BadRequestException e) {
        try {
            Headers headers = HttpAnswer.closing();
            connection.channel().write(ByteBuffer.wrap(HttpAnswer.head(HttpReply.BAD_REQUEST, headers)));
            connection.channel().shutdownOutput();
            connection.enter(State.ENDING);
            LOG.debug("http: {}: {}", connection.peer(), e.getMessage());
        } catch (IOException gone) {
            close(connection);
        }
    }

    private void handOver() throws IOException {
        if (arrived.isEmpty()) {
            return;
        }
        selector.selectNow(); // deregisters cancelled keys; selected keys stay selected
        for (Arrived one : arrived) {
            try {
                one.connection().channel().configureBlocking(true);
                executor.execute(() -> serve(one));
            } catch (IOException | RejectedExecutionException e) {
                close(one.connection());
            }
        }
        arrived.clear();
    }

    /** Runs on a thread of the executor. */
    private void serve(Arrived one) {
        HttpConnection connection = one.connection();
        var answer = new HttpAnswer(one.request(), connection.channel());
        try {
            handler.handle(answer);
            if (answer.keepsAlive()) {
                connection.enter(State.IDLE);
            } else {
                connection.channel().shutdownOutput();
                connection.enter(State.ENDING);
            }
            answered.add(connection);
            selector.wakeup();
        } catch (IOException | RuntimeException e) {
            close(connection); // the client has disconnected, or was too slow
        }
    }

    /** Waits for the next request of a connection, part of which may have arrived already. */
    private void resume(HttpConnection connection) {
        try {
            SocketChannel channel = connection.channel();
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ, connection);
            if (connection.state() == State.IDLE) {
                take(key, connection);
            }
        } catch (BadRequestException e) {
            refuse(connection, e);
        } catch (IOException | CancelledKeyException e) {
            close(connection);
        }
    }

    private void closeLate(long now) {
        for (HttpConnection connection : connections.keySet()) {
            if (connection.channel().keyFor(selector) == null) {
                continue; // the connection is being served
            }
            Duration time = switch (connection.state()) {
                case FIRST, FURTHER -> ARRIVAL_TIME;
                case IDLE -> IDLE_TIME;
                case ENDING -> ENDING_TIME;
            };
            if (now - connection.sinceNanos() > time.toNanos()) {
                close(connection);
            }
        }
    }

    private void close(HttpConnection connection) {
        connections.remove(connection);
        try {
            connection.channel().close();
        } catch (IOException e) {
            LOG.debug("http: cannot close a connection", e); // the connection is closed anyway
        }
    }

    private void end() {
        try {
            listening.close();
            selector.close();
        } catch (IOException e) {
            LOG.debug("http: cannot close the listening socket", e);
        }
        for (HttpConnection connection : connections.keySet()) {
            close(connection);
        }
    }

    /** Closes all connections and ends the thread. */
    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            if (thread.getState() == Thread.State.NEW) {
                end();
            } else {
                thread.join(END_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
