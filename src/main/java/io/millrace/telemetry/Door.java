// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.posix.Errno;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.rmi.server.RMIServerSocketFactory;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * The one listening socket of a connector, on one address, and everybody who came in by it. RMI's registry lets local
 * peers change its entries, by the address that an accepted socket tells; those from here tell none, so nobody can.
 */
final class Door extends ServerSocket implements RMIServerSocketFactory {
    /** More than all operators and monitors of a machine; the rest is turned away. */
    private static final int MOST_GUESTS = 128;

    private static final int BACKLOG = 50;

    private final Optional<SSLContext> tls;
    private final Set<Guest> guests = ConcurrentHashMap.newKeySet();

    /** An accepted socket without an origin. */
    private static final class Guest extends Socket {
        private static final InetAddress NOBODY = new InetSocketAddress(0).getAddress();

        private final Set<Guest> guests;

        Guest(Set<Guest> guests) {
            this.guests = guests;
        }

        @Override
        public InetAddress getInetAddress() {
            return NOBODY;
        }

        @Override
        public synchronized void close() throws IOException {
            guests.remove(this);
            super.close();
        }
    }

    private Door(Optional<SSLContext> tls) throws IOException {
        this.tls = tls;
    }

    /** @throws IOException one line, {@code 127.0.0.1:9848: bind: Address already in use (EADDRINUSE)} */
    static Door open(Listen listen, Optional<SSLContext> tls) throws IOException {
        var door = new Door(tls);
        try {
            door.setReuseAddress(true);
            door.bind(new InetSocketAddress(listen.address(), listen.port()), BACKLOG);
            return door;
        } catch (IOException e) {
            door.close();
            throw new IOException(words(listen) + ": bind: " + withErrno(String.valueOf(e.getMessage())), e);
        }
    }

    static String words(Listen listen) {
        String host = listen.address().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + listen.port();
    }

    /** The JDK has only the words of strerror(3), and at times something behind them. */
    private static String withErrno(String message) {
        for (Errno errno : List.of(Errno.EADDRINUSE, Errno.EADDRNOTAVAIL, Errno.EACCES)) {
            if (message.startsWith(errno.words())) {
                return errno.words() + " (" + errno + ")";
            }
        }
        return message;
    }

    @Override
    public ServerSocket createServerSocket(int port) {
        return this;
    }

    @Override
    public Socket accept() throws IOException {
        while (true) {
            var guest = new Guest(guests);
            implAccept(guest);
            guests.add(guest);
            if (isClosed() || guests.size() > MOST_GUESTS) {
                guest.close();
            } else if (tls.isEmpty()) {
                return guest;
            } else {
                return secured(guest, tls.get());
            }
        }
    }

    /** The handshake is left to the thread that serves the connection. */
    private static Socket secured(Guest guest, SSLContext context) throws IOException {
        var socket = (SSLSocket) context.getSocketFactory().createSocket(guest, null, true);
        socket.setUseClientMode(false);
        socket.setNeedClientAuth(true);
        return socket;
    }

    /** Nobody comes in any more, and whoever is in has to leave. */
    @Override
    public void close() throws IOException {
        super.close();
        for (Guest guest : guests) {
            guest.close();
        }
    }
}
