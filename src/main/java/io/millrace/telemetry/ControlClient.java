// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.posix.BytePath;
import io.millrace.posix.Errno;
import io.millrace.posix.Posix;
import io.millrace.posix.PosixException;
import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.lang.reflect.UndeclaredThrowableException;
import java.net.SocketException;
import java.rmi.NotBoundException;
import java.rmi.RemoteException;
import java.rmi.registry.LocateRegistry;
import java.time.Duration;
import java.util.Map;
import javax.management.JMX;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.rmi.RMIConnector;
import javax.management.remote.rmi.RMIServer;

/**
 * A running service, from another process of the same machine that may read its credential file. Any thread; the opener
 * closes it.
 *
 * <p>The beans are as remote as they look: what the service refuses is an {@link IllegalArgumentException}, an {@link
 * IllegalStateException} or an {@link IOException} with one line. A connection that breaks is an {@link
 * UnreachableException}, if {@link #ask} is around the call.
 */
public final class ControlClient implements AutoCloseable {
    /** No thread that looks whether the service is still there: the next call finds out. */
    private static final String CHECK_PERIOD = "jmx.remote.x.client.connection.check.period";

    /** Milliseconds; RMI waits for ever without. */
    private static final String RESPONSE_TIMEOUT = "sun.rmi.transport.tcp.responseTimeout";

    private final RMIConnector connector;
    private final MBeanServerConnection beans;
    private final String address;

    /** Something that asks the service. */
    public interface Question<R> {
        R ask(ControlClient client) throws IOException;
    }

    private ControlClient(RMIConnector connector, MBeanServerConnection beans, String address) {
        this.connector = connector;
        this.beans = beans;
        this.address = address;
    }

    /** The file that a service with this runtime directory writes. */
    public static BytePath credentialIn(BytePath runtimeDirectory) {
        return Credential.in(runtimeDirectory);
    }

    /**
     * Makes this whole process, since RMI knows no less, wary of whoever listens on a service's port: no class comes from
     * there that a reply has no need of, and an answer that does not come in {@code patience} is a lost connection.
     * Before the first {@link #connect}, once; what the JVM was told when it was started counts more.
     */
    public static void beWary(Duration patience) {
        if (System.getProperty(RESPONSE_TIMEOUT) == null) {
            System.setProperty(RESPONSE_TIMEOUT, Long.toString(patience.toMillis()));
        }
        if (ObjectInputFilter.Config.getSerialFilter() == null) {
            ObjectInputFilter.Config.setSerialFilter(new ReplyFilter());
        }
    }

    /**
     * Connects.
     *
     * @throws UnreachableException where no service runs that wrote this file
     * @throws IOException one line: the file cannot be read
     */
    @SuppressWarnings("BanJNDI") // the stub is at hand, so no name is looked up; Door says why nobody else put it there
    public static ControlClient connect(Posix posix, BytePath credentialFile) throws IOException {
        Credential credential = read(posix, credentialFile);
        String address = credential.host() + ":" + credential.port();
        try {
            var registry = LocateRegistry.getRegistry(credential.host(), credential.port());
            var server = (RMIServer) registry.lookup(JmxConnector.REGISTERED_AS);
            var connector = new RMIConnector(server, Map.of(CHECK_PERIOD, 0L));
            connector.connect(
                    Map.of(JMXConnector.CREDENTIALS, new String[] {credential.user(), credential.password()}));
            return new ControlClient(connector, connector.getMBeanServerConnection(), address);
        } catch (RemoteException | NotBoundException | SecurityException e) {
            throw new UnreachableException(
                    address + ": no service answers to " + credentialFile + " (" + cause(e) + ")"
                            + ServiceFinder.whyNoAnswer(posix, credentialFile),
                    e);
        }
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

    /** The innermost reason: RMI wraps it several times, in several lines. */
    private static String cause(Throwable e) {
        return String.valueOf(innermost(e).getMessage()).lines().findFirst().orElse("");
    }

    private static Throwable innermost(Throwable e) {
        Throwable at = e;
        while (at.getCause() != null) {
            at = at.getCause();
        }
        return at;
    }

    /** Asks, and tells a lost connection from what the service said. */
    public <R> R ask(Question<R> question) throws IOException {
        try {
            return question.ask(this);
        } catch (UndeclaredThrowableException e) {
            throw lost(e);
        } catch (RemoteException e) {
            throw lost(e);
        }
    }

    /** Has the service stop. One that is gone before its answer has arrived has done so. */
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
        return new UnreachableException(address + ": the service went away (" + cause(e) + ")", e);
    }

    private <T> T bean(ObjectName name, Class<T> face) {
        return JMX.newMXBeanProxy(beans, name, face);
    }

    public DaemonMXBean daemon() {
        return bean(BeanNames.DAEMON, DaemonMXBean.class);
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

    /** Lets go of the connection, also of one that is broken. */
    @Override
    public void close() throws IOException {
        try {
            connector.close();
        } catch (RemoteException e) {
            // The service, which was only told that we leave, has left before; our side is closed all the same.
        }
    }
}
