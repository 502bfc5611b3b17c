// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import java.net.InetAddress;

/**
 * Where a face listens.
 *
 * @param address numeric, so that no resolver is asked
 * @param port 1 to 65535, or 0 for any free one
 */
public record Listen(InetAddress address, int port) {
    public Listen {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
        }
    }

    /** {@code 127.0.0.1:9847}, {@code [::1]:9847}. Throws {@link IllegalArgumentException} that says what is wrong. */
    public static Listen parse(String text) {
        throw new UnsupportedOperationException(text);
    }
}
