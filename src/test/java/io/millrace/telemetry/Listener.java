// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Listens to {@code /events}. HTTP/1.0, so that no chunk sizes stand between the lines. */
public final class Listener implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket;
    private final BufferedReader lines;

    public Listener(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        Answer.send(socket, "GET /events HTTP/1.0\r\nHost: localhost\r\n\r\n");
        lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        while (!line().isEmpty()) {} // the head
    }

    public String line() throws IOException {
        String line = lines.readLine();
        if (line == null) {
            throw new EOFException("the stream of events ended");
        }
        return line;
    }

    /** The rest of the next line that begins so. */
    public String next(String begin) throws IOException {
        String line = line();
        while (!line.startsWith(begin)) {
            line = line();
        }
        return line.substring(begin.length());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
