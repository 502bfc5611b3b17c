// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.lifecycle.Opened;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.management.MBeanServer;
import javax.net.ssl.SSLContext;
import javax.rmi.ssl.SslRMIClientSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ways in: one connector for everybody, or with TLS one for the users of the access file and another on loopback for
 * those who read the credential, since they have no certificate.
 *
 * @param near by which the credential opens
 */
record JmxWays(JmxConnector first, JmxConnector near) {
    private static final Logger LOG = LoggerFactory.getLogger(JmxWays.class);

    /** {@code opened} closes them. */
    static JmxWays open(
            JmxOptions options,
            Optional<SSLContext> tls,
            Login.Users local,
            Login.Users remote,
            Function<Role, MBeanServer> gates,
            Opened opened)
            throws IOException {
        var admission = new Admission(new RequestBudget(), new RateLimitedLog("jmx", LOG));
        if (tls.isEmpty()) {
            var only = opened.add(
                    JmxConnector.open(options.listen(), Optional.empty(), null, admission, both(local, remote), gates));
            return new JmxWays(only, only);
        }
        var first = opened.add(
                JmxConnector.open(options.listen(), tls, new SslRMIClientSocketFactory(), admission, remote, gates));
        var loopback = new Listen(InetAddress.getLoopbackAddress(), 0);
        var near = opened.add(
                JmxConnector.open(loopback, Optional.empty(), new LoopbackSockets(), admission, local, gates));
        return new JmxWays(first, near);
    }

    private static Login.Users both(Login.Users local, Login.Users remote) {
        return () -> {
            List<Login.User> all = new ArrayList<>(local.list());
            all.addAll(remote.list());
            return all;
        };
    }
}
