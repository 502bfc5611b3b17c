// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names that a Host header may contain. A page of another site can make its own name resolve to this machine (DNS
 * rebinding); its requests carry that name and are refused. Any port is accepted, because tunnels change it.
 */
final class HostNames {
    private static final Pattern HOST =
            Pattern.compile("(?<name>\\[[0-9a-fA-F:.]+(?:%[0-9A-Za-z._-]+)?]|[^:\\[\\]]+)(?::[0-9]{1,5})?");

    private final List<String> configured;

    HostNames(List<String> configured) {
        this.configured = configured.stream().map(HostNames::plain).toList();
    }

    /**
     * @param host the Host header
     * @param own the local address of the connection
     */
    boolean allow(String host, InetAddress own) {
        Matcher form = HOST.matcher(host);
        if (!form.matches()) {
            return false;
        }
        String name = plain(form.group("name"));
        return name.equals("localhost") || name.equals(literal(own)) || configured.contains(name);
    }

    private static String plain(String name) {
        String lower = name.strip().toLowerCase(Locale.ROOT);
        boolean rooted = lower.endsWith(".") && lower.length() > 1;
        String bare = rooted ? lower.substring(0, lower.length() - 1) : lower;
        return bare.startsWith("[") ? address(bare) : bare;
    }

    /**
     * Normalizes {@code [::1]} and {@code [0:0:0:0:0:0:0:1]} to one form. Text in brackets is numeric, so no name is
     * resolved.
     */
    private static String address(String bracketed) {
        try {
            return literal(InetAddress.getByName(bracketed.replaceFirst("%.*]", "]")));
        } catch (UnknownHostException e) {
            return bracketed;
        }
    }

    /** Omits the zone of a link-local address: it has no meaning for the client, which does not send it. */
    private static String literal(InetAddress address) {
        return address.getHostAddress().replaceFirst("%.*", "").toLowerCase(Locale.ROOT);
    }
}
