// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.client;

import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.PosixException;
import io.millrace.telemetry.jmx.access.Credential;
import io.millrace.telemetry.jmx.access.JmxConnector;
import io.millrace.telemetry.jmx.beans.BeanNames;
import io.millrace.telemetry.jmx.beans.CatalogMXBean;
import io.millrace.telemetry.jmx.beans.DaemonMXBean;
import io.millrace.telemetry.jmx.beans.PageCacheMXBean;
import io.millrace.telemetry.jmx.beans.PreallocatorMXBean;
import io.millrace.telemetry.jmx.beans.ScansMXBean;
import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.lang.reflect.UndeclaredThrowableException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.rmi.NotBoundException;
import java.rmi.RemoteException;
import java.rmi.registry.LocateRegistry;
import java.rmi.server.RMISocketFactory;
import java.time.Duration;
import java.util.Map;
import javax.management.JMX;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.rmi.RMIConnector;
import javax.management.remote.rmi.RMIServer;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a running service, from a process of the same machine that may read its credential file. Any thread;
 * the opener closes it.
 *
 * <p>The MXBean proxies throw an {@link IllegalArgumentException}, an {@link IllegalStateException} or an
 * {@link IOException} with one line if the service refuses a request. A lost connection is an
 * {@link UnreachableException} if the call is made within {@link #ask}.
 */
public final class ControlClient implements AutoCloseable {
    /** Disables the thread that checks the connection: the next call detects a lost one. */
    private static final String CHECK_PERIOD = "jmx.remote.x.client.connection.check.period";

    private static final int MAX_ATTEMPTS = 5;

    /** The time-out of closing the connection to a service that may no longer respond. */
    private static final Duration CLOSING = Duration.ofSeconds(1);

    /** Null in a process that has not called {@link #beWary}. */
    private static volatile @Nullable AnswerSockets sockets;

    private static volatile Duration patience = Duration.ZERO;

    private final RMIConnector connector;
    private final MBeanServerConnection beans;
    private final String address;

    /** A call to the service. */
    public interface Question<R> {
        R ask(ControlClient client) throws IOException;
    }

    private ControlClient(RMIConnector connector, MBeanServerConnection beans, String address) {
        this.connector = connector;
        this.beans = beans;
        this.address = address;
    }

    /** Returns the path of the credential file of a service with this runtime directory. */
    public static BytePath credentialIn(BytePath runtimeDirectory) {
        return Credential.in(runtimeDirectory);
    }

    /**
     * Protects this process against an untrusted peer on the service's port; the setting is global, because RMI's is.
     * Only classes that responses need are deserialized. A response that is not complete after {@code time}, or that
     * would fill the memory, counts as a lost connection. Must be called before the first {@link #connect}; may be
     * called again to change the time.
     *
     * @throws IOException if this process already has its own RMI socket factory
     */
    public static synchronized void beWary(Duration time) throws IOException {
        patience = time;
        if (sockets == null) {
            var made = new AnswerSockets(time);
            RMISocketFactory.setSocketFactory(made);
            sockets = made;
        }
        if (ObjectInputFilter.Config.getSerialFilter() == null) {
            ObjectInputFilter.Config.setSerialFilter(new ResponseFilter());
        }
    }

    private static void begin(Duration time) {
        AnswerSockets known = sockets;
        if (known != null) {
            known.begin(time);
        }
    }

    /**
     * Connects to the service.
     *
     * @throws UnreachableException if the service that wrote this file does not run
     * @throws IOException one line: the file cannot be read
     */
    public static ControlClient connect(Posix posix, BytePath credentialFile) throws IOException {
        Credential credential = read(posix, credentialFile);
        String address = credential.host() + ":" + credential.port();
        begin(patience);
        for (int attempt = 1; true; attempt++) {
            try {
                return connect(credential, address);
            } catch (RemoteException | NotBoundException | SecurityException e) {
                if (attempt == MAX_ATTEMPTS || !wasClosed(e)) {
                    throw new UnreachableException(
                            address + ": no service answers to " + credentialFile + " (" + cause(e) + ")"
                                    + ServiceFinder.whyNoAnswer(posix, credentialFile),
                            e);
                }
            }
        }
    }

    /**
     * Returns whether a peer that had accepted the connection closed it: the service does this if other clients connect
     * faster than this one can log in.
     */
    private static boolean wasClosed(Exception e) {
        Throwable innermost = innermost(e);
        return innermost instanceof EOFException
                || (innermost instanceof SocketException && !(innermost instanceof ConnectException));
    }

    @SuppressWarnings("BanJNDI") // no name is looked up; AcceptedSocket says why the stub is the service's
    private static ControlClient connect(Credential credential, String address) throws IOException, NotBoundException {
        var registry = LocateRegistry.getRegistry(credential.host(), credential.port());
        var server = (RMIServer) registry.lookup(JmxConnector.REGISTERED_AS);
        var connector = new RMIConnector(server, Map.of(CHECK_PERIOD, 0L));
        connector.connect(Map.of(JMXConnector.CREDENTIALS, new String[] {credential.user(), credential.password()}));
        return new ControlClient(connector, connector.getMBeanServerConnection(), address);
    }

    private static Credential read(Posix posix, BytePath file) throws IOException {
        try {
            return Credential.read(posix, file);
        } catch (PosixException e) {
            if (e.is(Errno.ENOENT)) {
                throw new UnreachableException("no service found: " + ServiceFinder.missing(posix, file), e);
            }
            if (e.is(Errno.EACCES)) {
                throw new IOException(e.getMessage() + "; " + ServiceFinder.whoMayRead(posix, file), e);
            }
            throw e;
        }
    }

    /** Returns the message of the innermost cause: RMI wraps it several times, with messages of several lines. */
    private static String cause(Throwable e) {
        Throwable innermost = innermost(e);
        if (innermost instanceof EOFException) { // EOFException has no message
            return "it closed the connection";
        }
        String message = innermost.getMessage();
        return message == null
                ? innermost.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }

    private static Throwable innermost(Throwable e) {
        Throwable at = e;
        while (at.getCause() != null) {
            at = at.getCause();
        }
        return at;
    }

    /** Calls the service and distinguishes a lost connection from an error of the service. */
    public <R> R ask(Question<R> question) throws IOException {
        try {
            begin(patience);
            return question.ask(this);
        } catch (UndeclaredThrowableException e) {
            throw lost(e);
        } catch (RemoteException e) {
            throw lost(e);
        }
    }

    /** Stops the service. A connection that is lost before the response arrives counts as success. */
    public String stop() throws IOException {
        try {
            return ask(client -> client.daemon().stop());
        } catch (UnreachableException e) {
            Throwable cause = innermost(e);
            if (cause instanceof EOFException || cause instanceof SocketException) {
                return "the service has stopped";
            }
            throw e;
        }
    }

    private UnreachableException lost(Exception e) {
        if (innermost(e) instanceof SocketTimeoutException) {
            return new UnreachableException(address + ": " + cause(e) + "; see --timeout", e);
        }
        return new UnreachableException(address + ": the connection to the service was lost (" + cause(e) + ")", e);
    }

    private <T> T bean(ObjectName name, Class<T> face) {
        return JMX.newMXBeanProxy(beans, name, face);
    }

    public DaemonMXBean daemon() {
        return bean(BeanNames.DAEMON, DaemonMXBean.class);
    }

    public CatalogMXBean catalog() {
        return bean(BeanNames.CATALOG, CatalogMXBean.class);
    }

    public ScansMXBean scans() {
        return bean(BeanNames.SCANS, ScansMXBean.class);
    }

    public PreallocatorMXBean preallocator() {
        return bean(BeanNames.PREALLOCATOR, PreallocatorMXBean.class);
    }

    public PageCacheMXBean pageCache() {
        return bean(BeanNames.PAGE_CACHE, PageCacheMXBean.class);
    }

    /** Closes the connection, even if it is broken. */
    @Override
    public void close() throws IOException {
        try {
            begin(CLOSING);
            connector.close();
        } catch (RemoteException e) {
            // The service, which is only notified of the end, has ended before; the client side is closed anyway.
        }
    }
}
