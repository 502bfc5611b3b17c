// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.access;

import io.millrace.posix.libc.BytePath;
import io.millrace.telemetry.ListenAddress;
import java.util.Optional;

/**
 * The JMX face. Beyond loopback it needs both {@code access} and {@code tls}, and does not start without.
 *
 * @param access a file of users, a line each: {@code NAME ROLE PASSWORD}, role {@code readonly} or {@code readwrite},
 *     readable by nobody else
 * @param tls certificates for both sides
 */
public record JmxOptions(ListenAddress listen, Optional<BytePath> access, Optional<Tls> tls) {
    public static final JmxOptions DEFAULT =
            new JmxOptions(ListenAddress.parse("127.0.0.1:9848"), Optional.empty(), Optional.empty());

    /** Throws {@link IllegalArgumentException} that says what is missing. */
    public JmxOptions {
        if (!listen.isLoopback() && (access.isEmpty() || tls.isEmpty())) {
            String missing = access.isPresent() ? "tls" : tls.isPresent() ? "access" : "access and tls";
            throw new IllegalArgumentException(listen.address().getHostAddress() + " can be reached from other"
                    + " machines, and whoever is let in there steers the service: that needs both access and tls; "
                    + missing + (access.isPresent() || tls.isPresent() ? " is missing" : " are missing"));
        }
    }

    /**
     * Mutual TLS.
     *
     * @param keyStore PKCS#12 with the service's key
     * @param trustStore PKCS#12 with the certificates of clients' authorities
     * @param passwordFile one line, the password of both, readable by nobody else
     */
    public record Tls(BytePath keyStore, BytePath trustStore, BytePath passwordFile) {}
}
