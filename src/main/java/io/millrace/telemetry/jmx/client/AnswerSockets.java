// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.client;

import io.millrace.telemetry.jmx.access.BulkInputStream;
import io.millrace.units.Durations;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.rmi.server.RMISocketFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The sockets of a client that does not trust the peer on the service's port: a whole call, however many reads it
 * takes, has one deadline, and its response is bounded. Otherwise a peer that sends a byte now and then would block the
 * client forever, and one that sends a long string would fill the memory. One instance for the whole process, because
 * RMI has only one default factory. Any thread.
 */
final class AnswerSockets extends RMISocketFactory {
    /**
     * Suffices for some thousand scans; in the heap a byte occupies up to 3, and {@link ResponseFilter} limits objects
     * that occupy more.
     */
    static final int MAX_ANSWER_BYTES = 4 << 20;

    private volatile Duration patience;
    private volatile long deadlineNanos;

    AnswerSockets(Duration patience) {
        this.patience = patience;
        begin(patience);
    }

    /** Sets the deadline of the next call to {@code time} from now. */
    void begin(Duration time) {
        patience = time;
        deadlineNanos = System.nanoTime() + time.toNanos();
    }

    /** Returns the milliseconds until the deadline, at least 1. */
    private int left() throws SocketTimeoutException {
        long left = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
        if (left <= 0) {
            throw late();
        }
        return (int) Math.min(left, Integer.MAX_VALUE);
    }

    private SocketTimeoutException late() {
        return new SocketTimeoutException("no response within " + Durations.format(patience));
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        var socket = new CallSocket();
        try {
            socket.connect(new InetSocketAddress(host, port), left());
            return socket;
        } catch (SocketTimeoutException e) {
            socket.close();
            throw late();
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public ServerSocket createServerSocket(int port) throws IOException {
        throw new IOException("a client does not listen");
    }

    /** Ignores the time-outs that RMI sets; the deadline is the only one. */
    private final class CallSocket extends Socket {
        private long answerBytes;

        private void limit(int millis) throws IOException {
            super.setSoTimeout(millis);
        }

        @Override
        public synchronized void setSoTimeout(int millis) {
            // RMI's time-outs apply to a single read each.
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new Answer(super.getInputStream());
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            return new Call(super.getOutputStream());
        }

        private final class Answer extends BulkInputStream {
            Answer(InputStream in) {
                super(in);
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                limit(left());
                int count;
                try {
                    count = in.read(buffer, offset, length);
                } catch (SocketTimeoutException e) {
                    throw late();
                }
                answerBytes += Math.max(0, count);
                if (answerBytes > MAX_ANSWER_BYTES) {
                    close();
                    throw new IOException("a response of more than " + (MAX_ANSWER_BYTES >> 20) + " MiB");
                }
                return count;
            }
        }

        private final class Call extends FilterOutputStream {
            Call(OutputStream out) {
                super(out);
            }

            @Override
            public void write(int value) throws IOException {
                write(new byte[] {(byte) value}, 0, 1);
            }

            @Override
            public void write(byte[] buffer, int offset, int length) throws IOException {
                answerBytes = 0;
                out.write(buffer, offset, length);
            }
        }
    }
}
