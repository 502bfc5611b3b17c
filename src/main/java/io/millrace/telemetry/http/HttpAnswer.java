// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpPrincipal;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A complete request and its response. One thread; {@link HttpListener} closes the channel. */
final class HttpAnswer extends HttpExchange {
    private static final int BUFFER_BYTES = 8 << 10;
    private static final Map<Integer, String> REASONS = Map.of(
            200, "OK",
            400, "Bad Request",
            404, "Not Found",
            405, "Method Not Allowed",
            421, "Misdirected Request",
            431, "Request Header Fields Too Large",
            500, "Internal Server Error",
            503, "Service Unavailable");

    private final HttpRequestHead request;
    private final SocketChannel channel;
    private final Headers responseHeaders = new Headers();
    private final OutputStream out;
    private @Nullable OutputStream body;
    private int status = -1;
    private boolean whole;

    HttpAnswer(HttpRequestHead request, SocketChannel channel) {
        this.request = request;
        this.channel = channel;
        this.out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
    }

    /** Returns whether the client can detect the end of the response and may send another request. */
    boolean keepsAlive() {
        return whole && request.keepsAlive() && !responseHeaders.containsKey("Connection");
    }

    /**
     * Sends the status line and the header fields.
     *
     * @param length of the body; 0: unknown; -1: no body
     */
    @Override
    public void sendResponseHeaders(int code, long length) throws IOException {
        if (status >= 0) {
            throw new IOException("sent already");
        }
        status = code;
        boolean isHead = request.method().equals("HEAD");
        boolean chunked = length == 0 && !isHead && request.protocol().equals("HTTP/1.1");
        if (chunked) {
            responseHeaders.set("Transfer-Encoding", "chunked");
        } else if (length == 0 && !isHead) {
            responseHeaders.set("Connection", "close"); // the body ends when the connection is closed
        } else if (length > 0 || (length < 0 && !isHead)) {
            responseHeaders.set("Content-Length", Long.toString(Math.max(0, length)));
        }
        if (!request.keepsAlive()) {
            responseHeaders.set("Connection", "close");
        }
        out.write(head(code, responseHeaders));
        if (length < 0 || isHead) {
            out.flush();
            whole = true;
            body = OutputStream.nullOutputStream();
        } else {
            body = chunked ? new Chunks() : new Plain(length == 0 ? Long.MAX_VALUE : length);
        }
    }

    static byte[] head(int code, Headers headers) {
        var text = new StringBuilder("HTTP/1.1 ").append(code).append(' ').append(REASONS.getOrDefault(code, "Status"));
        text.append("\r\nDate: ")
                .append(DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)));
        headers.forEach((name, values) -> {
            for (String value : values) {
                text.append("\r\n").append(name).append(": ").append(value);
            }
        });
        return text.append("\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A body of known length. */
    private final class Plain extends OutputStream {
        private long left;

        Plain(long length) {
            this.left = length;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (length > left) {
                throw new IOException("more than was announced");
            }
            out.write(bytes, offset, length);
            left -= length;
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }

        @Override
        public void close() throws IOException {
            out.flush();
            whole = left == 0;
        }
    }

    /** A chunked body, with one chunk for each write. */
    private final class Chunks extends OutputStream {
        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (length > 0) { // an empty chunk would end the body
                out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                out.write(bytes, offset, length);
                out.write('\r');
                out.write('\n');
            }
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }

        @Override
        public void close() throws IOException {
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            whole = true;
        }
    }

    @Override
    public Headers getRequestHeaders() {
        return request.headers();
    }

    @Override
    public Headers getResponseHeaders() {
        return responseHeaders;
    }

    @Override
    public URI getRequestURI() {
        return request.target();
    }

    @Override
    public String getRequestMethod() {
        return request.method();
    }

    @Override
    public String getProtocol() {
        return request.protocol();
    }

    @Override
    public OutputStream getResponseBody() {
        if (body == null) {
            throw new IllegalStateException("header fields come first");
        }
        return body;
    }

    @Override
    public int getResponseCode() {
        return status;
    }

    @Override
    public InetSocketAddress getRemoteAddress() {
        return (InetSocketAddress) channel.socket().getRemoteSocketAddress();
    }

    @Override
    public InetSocketAddress getLocalAddress() {
        return (InetSocketAddress) channel.socket().getLocalSocketAddress();
    }

    /** Returns an empty stream, because no handler reads a body. */
    @Override
    public InputStream getRequestBody() {
        return InputStream.nullInputStream();
    }

    @Override
    public void close() {
        // The listener decides what follows the response.
    }

    @Override
    public HttpContext getHttpContext() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Object getAttribute(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setAttribute(String name, Object value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setStreams(InputStream in, OutputStream replaced) {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable HttpPrincipal getPrincipal() {
        return null;
    }

    /** Returns the header fields of a response without a body, after which the connection is closed. */
    static Headers closing() {
        var headers = new Headers();
        headers.set("Connection", "close");
        headers.set("Content-Length", "0");
        return headers;
    }
}
