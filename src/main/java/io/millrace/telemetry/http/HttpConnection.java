// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.http;

import io.millrace.telemetry.ListenAddress;
import io.millrace.telemetry.http.HttpRequestHead.BadRequestException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A connection of an HTTP client between requests, with the part of the next request that has arrived. It belongs to
 * the thread of {@link HttpListener}, except while one of its requests is served.
 */
final class HttpConnection {
    private static final int FIRST_BYTES = 512;

    private final SocketChannel channel;
    private byte[] bytes = new byte[0];
    private int length;
    private int searched;
    private long sinceNanos = System.nanoTime();
    private State state = State.FIRST;

    enum State {
        /** No response has been sent yet. */
        FIRST,
        /** The connection is kept open, and no byte of another request has arrived. */
        IDLE,
        /** Part of another request has arrived. */
        FURTHER,
        /** The last response has been sent, and further input is discarded. */
        ENDING
    }

    HttpConnection(SocketChannel channel) {
        this.channel = channel;
    }

    SocketChannel channel() {
        return channel;
    }

    State state() {
        return state;
    }

    /** The time since which it is in its state. */
    long sinceNanos() {
        return sinceNanos;
    }

    /** Returns the size of its buffer. */
    int heldBytes() {
        return bytes.length;
    }

    void enter(State next) {
        state = next;
        sinceNanos = System.nanoTime();
        if (next == State.ENDING) {
            bytes = new byte[0];
            length = 0;
        }
    }

    /** Reads the available bytes into {@code buffer} and keeps them; returns false at the end of the stream. */
    boolean receive(ByteBuffer buffer) throws IOException, BadRequestException {
        buffer.clear();
        int count = channel.read(buffer);
        if (count <= 0 || state == State.ENDING) {
            return count >= 0;
        }
        if (state == State.IDLE) {
            enter(State.FURTHER);
        }
        if (length + count > HttpRequestHead.MAX_BYTES) {
            throw new BadRequestException("a head of more than " + (HttpRequestHead.MAX_BYTES >> 10) + " KiB");
        }
        if (length + count > bytes.length) {
            int doubled = Math.min(HttpRequestHead.MAX_BYTES, Math.max(FIRST_BYTES, 2 * bytes.length));
            bytes = Arrays.copyOf(bytes, Math.max(doubled, length + count));
        }
        buffer.flip().get(bytes, length, count);
        length += count;
        return true;
    }

    /** Removes the next request from the received bytes; null if it is not complete yet. */
    @Nullable HttpRequestHead next() throws BadRequestException {
        int start = 0;
        while (start < length && (bytes[start] == '\r' || bytes[start] == '\n')) {
            start++; // empty lines before a request are ignored
        }
        int end = HttpRequestHead.end(bytes, Math.max(start, searched), length);
        if (end < 0) {
            searched = Math.max(0, length - 3);
            return null;
        }
        var head = HttpRequestHead.parse(bytes, start, end);
        bytes = Arrays.copyOfRange(bytes, end, length);
        length -= end;
        searched = 0;
        return head;
    }

    /** Returns the address of the client, for the log. */
    String peer() {
        var address = (InetSocketAddress) channel.socket().getRemoteSocketAddress();
        return address == null ? "a client" : new ListenAddress(address.getAddress(), address.getPort()).message();
    }
}
