// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.http;

import com.sun.net.httpserver.Headers;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The request line and the header fields of an HTTP/1 request (RFC 9112).
 *
 * @param hasBody whether a body follows, which no handler reads
 * @param keepsAlive whether the client may send another request over the connection
 */
record HttpRequestHead(
        String method, URI target, String protocol, Headers headers, boolean hasBody, boolean keepsAlive) {
    static final int MAX_BYTES = 64 << 10;
    static final int MAX_FIELDS = 100;

    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

    /** A malformed request; the message says why. */
    static final class BadRequestException extends Exception {
        private static final long serialVersionUID = 1L;

        BadRequestException(String message) {
            super(message);
        }
    }

    /** Returns the index after the empty line that ends the head; -1 if it has not arrived yet. */
    static int end(byte[] bytes, int from, int to) {
        for (int i = from; i + 1 < to; i++) {
            if (bytes[i] == '\n') {
                int next = bytes[i + 1] == '\r' && i + 2 < to ? i + 2 : i + 1;
                if (bytes[next] == '\n') {
                    return next + 1;
                }
            }
        }
        return -1;
    }

    static HttpRequestHead parse(byte[] bytes, int from, int to) throws BadRequestException {
        List<String> lines = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1)
                .lines()
                .takeWhile(line -> !line.isEmpty())
                .toList();
        String[] request = lines.isEmpty() ? new String[0] : lines.get(0).split(" ", -1);
        if (request.length != 3 || !TOKEN.matcher(request[0]).matches() || !request[2].matches("HTTP/1\\.[01]")) {
            throw new BadRequestException("the first line is not that of an HTTP/1 request");
        }
        if (lines.size() - 1 > MAX_FIELDS) {
            throw new BadRequestException("more than " + MAX_FIELDS + " header fields");
        }
        Headers headers = new Headers();
        for (String line : lines.subList(1, lines.size())) {
            int colon = line.indexOf(':');
            if (colon < 0 || !TOKEN.matcher(line.substring(0, colon)).matches()) {
                throw new BadRequestException("a header field is not NAME: VALUE");
            }
            add(headers, line.substring(0, colon), line.substring(colon + 1).strip());
        }
        boolean closes = headers.getOrDefault("Connection", List.of()).stream()
                .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains("close"));
        boolean hasBody = hasBody(headers);
        return new HttpRequestHead(
                request[0],
                target(request[1]),
                request[2],
                headers,
                hasBody,
                request[2].equals("HTTP/1.1") && !closes && !hasBody);
    }

    private static void add(Headers headers, String name, String value) throws BadRequestException {
        try {
            headers.add(name, value);
        } catch (IllegalArgumentException e) { // a carriage return inside a line
            throw new BadRequestException("a header field holds a control character");
        }
    }

    private static URI target(String text) throws BadRequestException {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new BadRequestException("the target is not a URI");
        }
    }

    private static boolean hasBody(Headers headers) throws BadRequestException {
        List<String> lengths = headers.getOrDefault("Content-Length", List.of());
        boolean coded = headers.containsKey("Transfer-Encoding");
        if (lengths.size() > 1
                || (coded && !lengths.isEmpty())
                || !lengths.stream().allMatch(length -> LENGTH.matcher(length).matches())) {
            throw new BadRequestException("the length of the body is unknown");
        }
        return coded || lengths.stream().anyMatch(length -> Long.parseLong(length) > 0);
    }
}
