// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx;

import io.millrace.lifecycle.Closer;
import io.millrace.posix.FileStatus;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.telemetry.Controls;
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
 * The service for JMX clients: a private MBean server behind a connector of its own, and the credential file by which
 * users of this machine get in. With TLS, which a local client has no certificate for, a second connector listens on
 * loopback for them. Any thread; the opener closes it, and then no thread, socket or file of it is left.
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
     * Begins to listen, and writes the credential.
     *
     * @param events that the floors below were given as their listener
     * @param runtimeDirectory where the credential file is put; exists
     * @throws IOException one line: options that are not safe, files that cannot be read, a port that is taken
     */
    public static JmxServer open(JmxOptions options, ServiceParts subjects, JmxEvents events, BytePath runtimeDirectory)
            throws IOException {
        return open(options, subjects.controls(), events, runtimeDirectory);
    }

    public static JmxServer open(JmxOptions options, Controls controls, JmxEvents events, BytePath runtimeDirectory)
            throws IOException {
        Posix posix = controls.posix();
        CredentialAuthenticator.Users remote = remoteUsers(posix, options);
        Optional<SSLContext> tls = options.tls().isEmpty()
                ? Optional.empty()
                : Optional.of(TlsKeys.context(posix, options.tls().get()));
        MBeanServer beans = MBeanServerFactory.newMBeanServer(BeanNames.DOMAIN);
        var roster = new MBeanRegistrar(beans, controls, events);
        var local = new CopyOnWriteArrayList<
                CredentialAuthenticator.User>(); // who has the credential, once the port in it is known
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
        var unused = file.list(); // a bad one is refused now, not at the first login
        return file;
    }

    private static Function<Role, MBeanServer> gates(MBeanServer beans, MBeanRegistrar roster) {
        var platform = new PlatformBeans(beans);
        return role -> MBeanAccessFilter.before(beans, role, () -> {
            platform.register();
            roster.refresh();
        });
    }

    /** The port that it listens on. */
    public int port() {
        return port;
    }

    /** Brings the beans up to date after the configuration has changed. Clients that list beans have that done too. */
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
