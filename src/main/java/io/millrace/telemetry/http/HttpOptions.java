// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.http;

import io.millrace.telemetry.ListenAddress;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The options of the HTTP endpoint.
 *
 * @param listen the address, unless HTTP is disabled
 * @param hosts names and addresses accepted in a Host header besides its own address and localhost, without a port;
 *     IPv6 in brackets
 * @param enabled whether HTTP is served
 */
public record HttpOptions(ListenAddress listen, List<String> hosts, boolean enabled) {
    public static final HttpOptions DEFAULT = new HttpOptions(ListenAddress.parse("127.0.0.1:9847"), List.of());

    /** Disables HTTP. */
    public static final HttpOptions OFF = new HttpOptions(DEFAULT.listen, List.of(), false);

    /** The maximum length of a DNS name. */
    private static final int MAX_LETTERS = 253;

    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?|\\[[0-9a-fA-F:.]+]");

    /** Throws an {@link IllegalArgumentException} whose message says what is wrong. */
    public HttpOptions {
        hosts = List.copyOf(hosts);
        for (String host : hosts) {
            if (host.length() > MAX_LETTERS || !HOST.matcher(host).matches()) {
                throw new IllegalArgumentException("'" + host + "' is not a host; write a name or an address, without"
                        + " a port: status.example.org, 192.0.2.7, [2001:db8::7]");
            }
        }
    }

    /** Creates the options of an enabled endpoint. */
    public HttpOptions(ListenAddress listen, List<String> hosts) {
        this(listen, hosts, true);
    }
}
