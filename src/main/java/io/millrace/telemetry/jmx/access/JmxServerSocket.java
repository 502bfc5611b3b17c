// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.access;

import io.millrace.telemetry.ListenAddress;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.Pipe;
import java.rmi.server.RMIServerSocketFactory;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/**
 * The listening socket of a connector, on one address, and the connections that it accepted. {@link JmxConnector}
 * closes it.
 */
final class JmxServerSocket extends ServerSocket implements RMIServerSocketFactory {
    private static final int BACKLOG = 50;
    private static final long PAUSE_MILLIS = 250;

    private final Optional<SSLContext> tls;
    private final ConnectionTable connections;
    private final RequestBudget budget;

    private JmxServerSocket(Optional<SSLContext> tls, Admission admission) throws IOException {
        this.tls = tls;
        this.connections = new ConnectionTable(admission.log());
        this.budget = admission.budget();
    }

    /** @throws IOException one line, as {@link ListenAddress#cannotBind} */
    static JmxServerSocket open(ListenAddress listen, Optional<SSLContext> tls, Admission admission)
            throws IOException {
        var door = new JmxServerSocket(tls, admission);
        try {
            prepareClosing();
            door.setReuseAddress(true);
            door.bind(new InetSocketAddress(listen.address(), listen.port()), BACKLOG);
            return door;
        } catch (IOException e) {
            door.close();
            throw listen.cannotBind("jmx.listen", e);
        }
    }

    /**
     * To close a connection that a thread is reading, the JDK needs a socket pair of its own, which it creates at the
     * first use (sun.nio.ch.FileDispatcherImpl). If no descriptor is available then, no such connection can ever be
     * closed.
     */
    private static void prepareClosing() throws IOException {
        Pipe pipe = Pipe.open();
        try (var source = pipe.source();
                var sink = pipe.sink()) {
            sink.configureBlocking(true);
            source.configureBlocking(true);
        }
    }

    @Override
    public ServerSocket createServerSocket(int port) {
        return this;
    }

    /**
     * Does not fail because of a client or of missing descriptors: RMI would log a stack trace each time, and stop
     * accepting for 10 s after ten failures.
     */
    @Override
    public Socket accept() throws IOException {
        while (true) {
            AcceptedSocket connection = next();
            connections.add(connection);
            if (isClosed()) {
                connections.close(connection);
                throw new SocketException("closed");
            }
            if (tls.isEmpty()) {
                return connection;
            }
            try {
                return new TlsSocket(connection, tls.get());
            } catch (IOException e) {
                connections.close(connection); // the client has already closed it
            }
        }
    }

    /**
     * Waits for a connection. If it cannot be accepted, it stays in the queue and accept(2) fails again at once, hence
     * the pause.
     */
    private AcceptedSocket next() throws IOException {
        while (true) {
            var connection = new AcceptedSocket(connections, budget, tls.isPresent());
            try {
                implAccept(connection);
                return connection;
            } catch (IOException e) {
                if (isClosed()) {
                    throw e;
                }
                connections.notAccepted(e, PAUSE_MILLIS);
                pause();
            }
        }
    }

    private static void pause() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted before a connection came");
        }
    }

    /** Closes the socket and all accepted connections. */
    @Override
    public void close() throws IOException {
        super.close();
        connections.close();
    }
}
