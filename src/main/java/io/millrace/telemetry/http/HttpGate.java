// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds the header fields common to all responses and refuses requests that must not be served, before the handler is
 * called.
 */
final class HttpGate implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(HttpGate.class);
    private static final Set<String> METHODS = Set.of("GET", "HEAD");

    /** Allows only our own files: no inline script, no inline style, no embedding in frames. */
    private static final String CONTENT_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
            + "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final HostNames hosts;
    private final HttpHandler next;

    HttpGate(HostNames hosts, HttpHandler next) {
        this.hosts = hosts;
        this.next = next;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Headers headers = exchange.getResponseHeaders();
            headers.set("Content-Security-Policy", CONTENT_POLICY);
            headers.set("X-Content-Type-Options", "nosniff");
            headers.set("Referrer-Policy", "no-referrer");
            headers.set("Cross-Origin-Resource-Policy", "same-origin");
            headers.set("Cache-Control", "no-store");
            Optional<HttpReply> refusal = refusal(exchange);
            if (refusal.isPresent()) {
                headers.set("Connection", "close");
                refusal.get().send(exchange);
            } else {
                serve(exchange);
            }
        }
    }

    private Optional<HttpReply> refusal(HttpExchange exchange) {
        if (!METHODS.contains(exchange.getRequestMethod())) {
            return Optional.of(HttpReply.text(HttpReply.METHOD_NOT_ALLOWED, "only GET and HEAD are served here")
                    .with("Allow", "GET, HEAD"));
        }
        List<String> named = exchange.getRequestHeaders().getOrDefault("Host", List.of());
        if (named.size() != 1) {
            return Optional.of(HttpReply.text(HttpReply.BAD_REQUEST, "a request needs one Host header"));
        }
        var own = exchange.getLocalAddress().getAddress();
        String authority = exchange.getRequestURI().getRawAuthority();
        boolean known = hosts.allow(named.get(0), own) && (authority == null || hosts.allow(authority, own));
        return known
                ? Optional.empty()
                : Optional.of(
                        HttpReply.text(HttpReply.MISDIRECTED, "not served under this name; see 'hosts' of 'http'"));
    }

    private void serve(HttpExchange exchange) throws IOException {
        try {
            next.handle(exchange);
        } catch (RuntimeException e) {
            LOG.warn("cannot answer a request", e);
            if (exchange.getResponseCode() < 0) {
                HttpReply.text(HttpReply.ERROR, "cannot answer; see the log").send(exchange);
            }
        }
    }
}
