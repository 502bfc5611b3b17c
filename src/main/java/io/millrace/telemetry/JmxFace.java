// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.posix.BytePath;
import io.millrace.posix.FileStatus;
import io.millrace.posix.Posix;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.net.ssl.SSLContext;
import javax.rmi.ssl.SslRMIClientSocketFactory;

/**
 * The service for JMX clients: a private MBean server behind a connector of its own, and the credential file by which
 * users of this machine get in. With TLS, which a local client has no certificate for, a second connector listens on
 * loopback for them. Any thread; the opener closes it, and then no thread, socket or file of it is left.
 */
public final class JmxFace implements AutoCloseable {
    private final Roster roster;
    private final JmxEvents events;
    private final int port;
    private final Deque<AutoCloseable> open;

    private JmxFace(Roster roster, JmxEvents events, int port, Deque<AutoCloseable> open) {
        this.roster = roster;
        this.events = events;
        this.port = port;
        this.open = open;
    }

    /**
     * Begins to listen, and writes the credential.
     *
     * @param events that the floors below were given as their listener
     * @param runtimeDirectory where the credential file is put; exists
     * @throws IOException one line: options that are not safe, files that cannot be read, a port that is taken
     */
    public static JmxFace open(JmxOptions options, Subjects subjects, JmxEvents events, BytePath runtimeDirectory)
            throws IOException {
        return open(options, Controls.of(subjects), events, runtimeDirectory);
    }

    static JmxFace open(JmxOptions options, Controls controls, JmxEvents events, BytePath runtimeDirectory)
            throws IOException {
        InetAddress address = options.listen().address();
        if (!address.isLoopbackAddress()
                && (options.access().isEmpty() || options.tls().isEmpty())) {
            throw new IOException("jmx: " + Door.words(options.listen())
                    + " is open to other machines, which needs both access and tls");
        }
        Posix posix = controls.posix();
        List<Login.User> local = new ArrayList<>();
        Login.Users remote = remoteUsers(posix, options);
        Optional<SSLContext> tls = options.tls().isEmpty()
                ? Optional.empty()
                : Optional.of(TlsKeys.context(posix, options.tls().get()));

        MBeanServer beans = MBeanServerFactory.newMBeanServer(BeanNames.DOMAIN);
        var roster = new Roster(beans, controls, events);
        Function<Role, MBeanServer> gates = gates(beans, roster);
        var open = new ArrayDeque<AutoCloseable>();
        try {
            // With TLS the file's users come by the second way only.
            Login.Users main = tls.isPresent() ? remote : both(local, remote);
            var connector = JmxConnector.open(
                    options.listen(),
                    tls,
                    tls.isPresent() ? new SslRMIClientSocketFactory() : null,
                    new Login(main),
                    gates);
            open.push(connector);
            var near = connector;
            if (tls.isPresent()) {
                near = JmxConnector.open(
                        new Listen(InetAddress.getLoopbackAddress(), 0),
                        Optional.empty(),
                        new LoopbackSockets(),
                        new Login(() -> local),
                        gates);
                open.push(near);
            }
            String host = (tls.isPresent() ? InetAddress.getLoopbackAddress() : address).getHostAddress();
            var credential = Credential.random(host, near.port());
            local.add(new Login.User(credential.user(), Role.READWRITE, credential.password()));
            FileStatus file = credential.write(posix, runtimeDirectory);
            open.push(() -> Credential.remove(posix, runtimeDirectory, file));
            events.attach(roster);
            return new JmxFace(roster, events, connector.port(), open);
        } catch (IOException | RuntimeException e) {
            closeAll(open, e);
            throw e;
        }
    }

    private static Login.Users remoteUsers(Posix posix, JmxOptions options) throws IOException {
        if (options.access().isEmpty()) {
            return List::of;
        }
        var file = new AccessFile(posix, options.access().get());
        var unused = file.list(); // a bad one is refused now, not at the first login
        return file;
    }

    private static Login.Users both(List<Login.User> local, Login.Users remote) {
        return () -> {
            var all = new ArrayList<>(local);
            all.addAll(remote.list());
            return all;
        };
    }

    private static Function<Role, MBeanServer> gates(MBeanServer beans, Roster roster) {
        var platform = new PlatformBeans(beans);
        return role -> BeanGate.before(beans, role, () -> {
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
        closeAll(open, failed);
        if (failed.getSuppressed().length > 0) {
            throw failed;
        }
    }

    private static void closeAll(Deque<AutoCloseable> open, Exception onto) {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) { // whatever it is, the rest is closed too
                onto.addSuppressed(e);
            }
        }
    }
}
