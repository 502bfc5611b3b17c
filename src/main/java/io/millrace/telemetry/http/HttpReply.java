// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A response whose body is known as a whole.
 *
 * @param headers the header fields beyond those common to all responses
 */
public record HttpReply(int status, String type, byte[] body, Map<String, String> headers) {
    public static final int OK = 200;
    public static final int BAD_REQUEST = 400;
    public static final int NOT_FOUND = 404;
    public static final int METHOD_NOT_ALLOWED = 405;
    public static final int MISDIRECTED = 421;
    public static final int ERROR = 500;
    public static final int UNAVAILABLE = 503;

    public static final String PLAIN = "text/plain; charset=utf-8";
    public static final String JSON = "application/json; charset=utf-8";
    public static final String HTML = "text/html; charset=utf-8";

    private static final long NO_BODY = -1;

    public static HttpReply text(int status, String line) {
        return new HttpReply(status, PLAIN, (line + "\n").getBytes(StandardCharsets.UTF_8), Map.of());
    }

    public static HttpReply ok(String type, byte[] body) {
        return new HttpReply(OK, type, body, Map.of());
    }

    public HttpReply with(String header, String value) {
        return new HttpReply(status, type, body, Map.of(header, value));
    }

    /** Sends the response; without the body if the request is HEAD. */
    public void send(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        headers.forEach(exchange.getResponseHeaders()::set);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
            exchange.sendResponseHeaders(status, NO_BODY);
            return;
        }
        exchange.sendResponseHeaders(status, body.length == 0 ? NO_BODY : body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
