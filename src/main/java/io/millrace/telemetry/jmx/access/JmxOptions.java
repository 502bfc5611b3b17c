// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.access;

import io.millrace.posix.libc.BytePath;
import io.millrace.telemetry.ListenAddress;
import java.util.Optional;

/**
 * The options of the JMX endpoint. On an address other than loopback it requires both {@code access} and {@code tls},
 * and otherwise does not start.
 *
 * @param access a file of users, one in each line: {@code NAME ROLE PASSWORD}, with the role {@code readonly} or
 *     {@code readwrite}; nobody else may read it
 * @param tls certificates of both sides
 */
public record JmxOptions(ListenAddress listen, Optional<BytePath> access, Optional<Tls> tls) {
    public static final JmxOptions DEFAULT =
            new JmxOptions(ListenAddress.parse("127.0.0.1:9848"), Optional.empty(), Optional.empty());

    /** Throws an {@link IllegalArgumentException} whose message says what is missing. */
    public JmxOptions {
        if (!listen.isLoopback() && (access.isEmpty() || tls.isEmpty())) {
            String missing = access.isPresent() ? "tls" : tls.isPresent() ? "access" : "access and tls";
            throw new IllegalArgumentException(listen.address().getHostAddress() + " can be reached from other"
                    + " machines, and its clients control the service: that needs both access and tls; "
                    + missing + (access.isPresent() || tls.isPresent() ? " is missing" : " are missing"));
        }
    }

    /**
     * Mutual TLS.
     *
     * @param keyStore PKCS#12 with the key of the service
     * @param trustStore PKCS#12 with the certificates of the authorities of clients
     * @param passwordFile one line, the password of both stores; nobody else may read it
     */
    public record Tls(BytePath keyStore, BytePath trustStore, BytePath passwordFile) {}
}
