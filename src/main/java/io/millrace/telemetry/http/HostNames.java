// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names by which the service may be asked for. A page of another site can have its own name resolve to this machine
 * (DNS rebinding); its requests carry that name, and are turned away. Any port, since tunnels change it.
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
     * @param own the address at which the request came in
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

    /** {@code [::1]} and {@code [0:0:0:0:0:0:0:1]} are one. In brackets it is numeric, so that nobody is asked. */
    private static String address(String bracketed) {
        try {
            return literal(InetAddress.getByName(bracketed.replaceFirst("%.*]", "]")));
        } catch (UnknownHostException e) {
            return bracketed;
        }
    }

    /** Without the zone of a link-local one: it means nothing to the other side, which leaves it out. */
    private static String literal(InetAddress address) {
        return address.getHostAddress().replaceFirst("%.*", "").toLowerCase(Locale.ROOT);
    }
}
