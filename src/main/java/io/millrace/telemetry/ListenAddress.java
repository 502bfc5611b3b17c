// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.posix.libc.Errno;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The address on which an endpoint listens.
 *
 * @param address numeric, so that no name is resolved
 * @param port 1 to 65535, or 0 for any free port
 */
public record ListenAddress(InetAddress address, int port) {
    private static final int MAX_PORT = 65_535;
    private static final int MAX_OCTET = 255;

    private static final Pattern FORM = Pattern.compile("(.*):(0|[1-9][0-9]{0,4})");
    private static final Pattern IPV4 = Pattern.compile("(?:(?:0|[1-9][0-9]{0,2})(?:\\.|$)){4}(?<!\\.)");

    /** Requires at least one colon; otherwise the JDK would resolve the text as a name. */
    private static final Pattern IPV6 = Pattern.compile("\\[[0-9a-fA-F:.]*:[0-9a-fA-F:.]*]");

    public ListenAddress {
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
        }
        if (address.isMulticastAddress()) {
            throw new IllegalArgumentException(address.getHostAddress() + " is an address of many, where none listens");
        }
    }

    /**
     * Parses {@code 127.0.0.1:9847}, {@code [::1]:9847}, or {@code localhost:9847}, which means the first of these.
     * Throws an {@link IllegalArgumentException} whose message says what is wrong.
     */
    public static ListenAddress parse(String text) {
        var form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not an address with a port; write 127.0.0.1:9847 or"
                    + " [::1]:9847, the port 0 to 65535");
        }
        return new ListenAddress(numeric(form.group(1)), Integer.parseInt(form.group(2)));
    }

    /**
     * Returns an exception whose one-line message says why the address cannot be bound:
     * {@code jmx.listen: 127.0.0.1:9848: bind: Address already in use (EADDRINUSE)}.
     *
     * @param key the key of the configuration file that contains the address
     */
    public IOException cannotBind(String key, IOException e) {
        return new IOException(key + ": " + message() + ": bind: " + withErrno(String.valueOf(e.getMessage())), e);
    }

    /** Returns {@code 127.0.0.1:9848}. */
    public String message() {
        String host = address.getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /** The JDK's message contains the text of strerror(3), sometimes followed by other text. */
    private static String withErrno(String message) {
        for (Errno errno : List.of(Errno.EADDRINUSE, Errno.EADDRNOTAVAIL, Errno.EACCES)) {
            if (message.startsWith(errno.message())) {
                return errno.message() + " (" + errno + ")";
            }
        }
        return message;
    }

    private static InetAddress numeric(String host) {
        try {
            if (host.equals("localhost")) {
                return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
            }
            if (IPV4.matcher(host).matches()) {
                return InetAddress.getByAddress(octets(host));
            }
            if (IPV6.matcher(host).matches()) {
                return InetAddress.getByName(host);
            }
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("'" + host + "' is not an address", e);
        }
        throw new IllegalArgumentException("'" + host
                + "' is not a numeric address; names are not looked up: write 127.0.0.1, [::1] or localhost");
    }

    private static byte[] octets(String host) {
        var octets = new byte[4];
        String[] parts = host.split("\\.");
        for (int i = 0; i < octets.length; i++) {
            int octet = Integer.parseInt(parts[i]);
            if (octet > MAX_OCTET) {
                throw new IllegalArgumentException("'" + host + "' is not an address: " + octet + " is more than 255");
            }
            octets[i] = (byte) octet;
        }
        return octets;
    }

    /** Returns whether both addresses cannot be bound at the same time. */
    public boolean isInTheWayOf(ListenAddress other) {
        boolean meets =
                address.equals(other.address) || address.isAnyLocalAddress() || other.address.isAnyLocalAddress();
        return port != 0 && port == other.port && meets;
    }

    public boolean isLoopback() {
        return address.isLoopbackAddress();
    }

    /** Returns the form that {@link #parse} reads. */
    @Override
    public String toString() {
        String host = address.getHostAddress();
        return (address instanceof Inet6Address ? "[" + host + "]" : host) + ":" + port;
    }
}
