// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx;

import io.millrace.lifecycle.Closer;
import io.millrace.telemetry.ListenAddress;
import io.millrace.telemetry.RateLimitedLog;
import io.millrace.telemetry.jmx.access.Admission;
import io.millrace.telemetry.jmx.access.CredentialAuthenticator;
import io.millrace.telemetry.jmx.access.JmxConnector;
import io.millrace.telemetry.jmx.access.JmxOptions;
import io.millrace.telemetry.jmx.access.LoopbackSockets;
import io.millrace.telemetry.jmx.access.RequestBudget;
import io.millrace.telemetry.jmx.access.Role;
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
 * The connectors of one service: without TLS one connector for all clients; with TLS one for the users of the access
 * file, and a second one on loopback for clients that read the credential, which have no certificate.
 *
 * @param near the connector that the credential file refers to
 */
record JmxConnectors(JmxConnector first, JmxConnector near) {
    private static final Logger LOG = LoggerFactory.getLogger(JmxConnectors.class);

    /** Opens the connectors; {@code opened} closes them. */
    static JmxConnectors open(
            JmxOptions options,
            Optional<SSLContext> tls,
            CredentialAuthenticator.Users local,
            CredentialAuthenticator.Users remote,
            Function<Role, MBeanServer> gates,
            Closer opened)
            throws IOException {
        var admission = new Admission(new RequestBudget(), new RateLimitedLog("jmx", LOG));
        if (tls.isEmpty()) {
            var only = opened.add(
                    JmxConnector.open(options.listen(), Optional.empty(), null, admission, both(local, remote), gates));
            return new JmxConnectors(only, only);
        }
        var first = opened.add(
                JmxConnector.open(options.listen(), tls, new SslRMIClientSocketFactory(), admission, remote, gates));
        var loopback = new ListenAddress(InetAddress.getLoopbackAddress(), 0);
        var near = opened.add(
                JmxConnector.open(loopback, Optional.empty(), new LoopbackSockets(), admission, local, gates));
        return new JmxConnectors(first, near);
    }

    private static CredentialAuthenticator.Users both(
            CredentialAuthenticator.Users local, CredentialAuthenticator.Users remote) {
        return () -> {
            List<CredentialAuthenticator.User> all = new ArrayList<>(local.list());
            all.addAll(remote.list());
            return all;
        };
    }
}
