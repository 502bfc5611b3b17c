// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.posix.BytePath;
import java.util.Optional;

/**
 * The JMX face. Beyond loopback it needs both {@code access} and {@code tls}, and does not start without.
 *
 * @param access a file of users, a line each: {@code NAME ROLE PASSWORD}, role {@code readonly} or {@code readwrite},
 *     readable by nobody else
 * @param tls certificates for both sides
 */
public record JmxOptions(Listen listen, Optional<BytePath> access, Optional<Tls> tls) {
    /**
     * Mutual TLS.
     *
     * @param keyStore PKCS#12 with the service's key
     * @param trustStore PKCS#12 with the certificates of clients' authorities
     * @param passwordFile one line, the password of both, readable by nobody else
     */
    public record Tls(BytePath keyStore, BytePath trustStore, BytePath passwordFile) {}
}
