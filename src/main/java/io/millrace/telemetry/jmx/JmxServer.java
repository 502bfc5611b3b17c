// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx;

import io.millrace.lifecycle.Closer;
import io.millrace.posix.FileStatus;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.telemetry.ServiceParts;
import io.millrace.telemetry.jmx.access.AccessFile;
import io.millrace.telemetry.jmx.access.Credential;
import io.millrace.telemetry.jmx.access.CredentialAuthenticator;
import io.millrace.telemetry.jmx.access.JmxOptions;
import io.millrace.telemetry.jmx.access.Role;
import io.millrace.telemetry.jmx.access.TlsKeys;
import io.millrace.telemetry.jmx.beans.BeanNames;
import io.millrace.telemetry.jmx.beans.JmxEvents;
import io.millrace.telemetry.jmx.beans.MBeanRegistrar;
import io.millrace.telemetry.jmx.beans.PlatformBeans;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.net.ssl.SSLContext;

/**
 * The JMX server: a private MBean server with its own connector, and the credential file by which users of this machine
 * log in. With TLS a second connector listens on loopback for local clients, which have no certificate. Any thread; the
 * opener closes it, which ends its threads, closes its sockets and removes its file.
 */
public final class JmxServer implements AutoCloseable {
    private final MBeanRegistrar roster;
    private final JmxEvents events;
    private final int port;
    private final Closer opened;

    private JmxServer(MBeanRegistrar roster, JmxEvents events, int port, Closer opened) {
        this.roster = roster;
        this.events = events;
        this.port = port;
        this.opened = opened;
    }

    /**
     * Starts listening and writes the credential.
     *
     * @param events already registered as a listener of the packages below
     * @param runtimeDirectory an existing directory, in which the credential file is written
     * @throws IOException one line: unsafe options, an unreadable file, a port in use
     */
    public static JmxServer open(JmxOptions options, ServiceParts parts, JmxEvents events, BytePath runtimeDirectory)
            throws IOException {
        Posix posix = parts.posix();
        CredentialAuthenticator.Users remote = remoteUsers(posix, options);
        Optional<SSLContext> tls = options.tls().isEmpty()
                ? Optional.empty()
                : Optional.of(TlsKeys.context(posix, options.tls().get()));
        MBeanServer beans = MBeanServerFactory.newMBeanServer(BeanNames.DOMAIN);
        var roster = new MBeanRegistrar(beans, parts, events);
        var local = new CopyOnWriteArrayList<
                CredentialAuthenticator.User>(); // the credential's user, once the port is known
        var opened = new Closer();
        try {
            var ways = JmxConnectors.open(options, tls, () -> local, remote, gates(beans, roster), opened);
            InetAddress address = tls.isPresent()
                    ? InetAddress.getLoopbackAddress()
                    : options.listen().address();
            var credential =
                    Credential.random(address.getHostAddress(), ways.near().port());
            local.add(new CredentialAuthenticator.User(credential.user(), Role.READWRITE, credential.password()));
            FileStatus file = credential.write(posix, runtimeDirectory);
            opened.add(() -> Credential.remove(posix, runtimeDirectory, file));
            events.attach(roster);
            return new JmxServer(roster, events, ways.first().port(), opened);
        } catch (IOException | RuntimeException e) {
            close(opened, e);
            throw e;
        }
    }

    private static CredentialAuthenticator.Users remoteUsers(Posix posix, JmxOptions options) throws IOException {
        if (options.access().isEmpty()) {
            return List::of;
        }
        var file = new AccessFile(posix, options.access().get());
        var unused = file.list(); // an invalid file is refused now, not at the first login
        return file;
    }

    private static Function<Role, MBeanServer> gates(MBeanServer beans, MBeanRegistrar roster) {
        var platform = new PlatformBeans(beans);
        return role -> MBeanAccessFilter.before(beans, role, () -> {
            platform.register();
            roster.refresh();
        });
    }

    /** Returns the port on which it listens. */
    public int port() {
        return port;
    }

    /**
     * Registers and unregisters MBeans after a change of the configuration. A client that lists MBeans triggers this
     * too.
     */
    public void refresh() {
        roster.refresh();
    }

    @Override
    public void close() throws IOException {
        events.detach(roster);
        var failed = new IOException("JMX did not end well");
        close(opened, failed);
        if (failed.getSuppressed().length > 0) {
            throw failed;
        }
    }

    private static void close(Closer opened, Exception onto) {
        try {
            opened.close();
        } catch (Exception e) {
            onto.addSuppressed(e);
        }
    }
}
