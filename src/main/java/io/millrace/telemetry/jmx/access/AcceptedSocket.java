// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.access;

import io.millrace.telemetry.ListenAddress;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A connection that {@link JmxServerSocket} accepted. It counts the bytes that the client has sent since the last byte
 * was sent to it. Because JRMP alternates requests and responses, this bounds the memory that the client can occupy. If
 * a request exceeds its limit, it fails and the connection is closed. The serialization filters of the JDK cannot
 * enforce this limit, because they are not called while a string is read.
 *
 * <p>RMI's registry allows clients with a local address to change its entries, and takes the address from the accepted
 * socket. This class reports no client address, so that no client can change them. The RMI thread that serves the
 * connection reads and writes it; any thread may read its state.
 */
final class AcceptedSocket extends Socket {
    /** A login consists of a name and a password; a client that has not logged in needs no longer request. */
    static final int MAX_LOGIN_BYTES = RequestBudget.SMALL_BYTES;

    /** Far more than the arguments, which {@link SerialFilter} bounds to 10,000 bytes, and the protocol around them. */
    static final int MAX_REQUEST_BYTES = 64 << 10;

    /** The total before the login, below TLS: a certificate chain of 32 KiB, and calls. */
    private static final int MAX_ANONYMOUS_BYTES = 128 << 10;

    private static final InetAddress UNKNOWN = new InetSocketAddress(0).getAddress();
    private static final ThreadLocal<AcceptedSocket> SERVED = new ThreadLocal<>();

    private final ConnectionTable table;
    private final RequestBudget budget;
    private final boolean secured;
    private final long openedNanos = System.nanoTime();
    private volatile @Nullable Role role;
    private volatile long activeNanos = openedNanos;
    private volatile long blockedSinceNanos;
    private volatile Activity activity = Activity.SERVING;
    private volatile int requestBytes;
    private volatile int answers;
    private int anonymousBytes;

    /** Released when the request has been answered, which is when the next one is read, or the connection is closed. */
    private final AtomicReference<@Nullable Semaphore> permit = new AtomicReference<>();

    /** What the thread that serves the connection is doing. */
    enum Activity {
        READING,
        WRITING,
        SERVING
    }

    /** @param secured whether the bytes read and written here are TLS, so that requests are counted above it */
    AcceptedSocket(ConnectionTable table, RequestBudget budget, boolean secured) {
        this.table = table;
        this.budget = budget;
        this.secured = secured;
    }

    /** Returns the connection whose request this thread serves; null if it serves none. */
    static @Nullable AcceptedSocket served() {
        return SERVED.get();
    }

    /**
     * Marks the connection of this thread as logged in, because it called the object of a session: only a client that
     * has logged in knows the number of that object.
     */
    static void authenticated(Role as) {
        AcceptedSocket connection = SERVED.get();
        if (connection != null) {
            connection.role = as;
        }
    }

    /** Connections of a higher rank are kept longer: not logged in, {@code readonly}, {@code readwrite}. */
    int rank() {
        Role known = role;
        return known == null ? 0 : 1 + known.ordinal();
    }

    boolean isAnonymous() {
        return role == null;
    }

    /** Returns the address of the client, for the log. */
    String peer() {
        InetAddress address = super.getInetAddress();
        return address == null ? "a client" : new ListenAddress(address, getPort()).message();
    }

    @Override
    public InetAddress getInetAddress() {
        return UNKNOWN;
    }

    long openedNanos() {
        return openedNanos;
    }

    long activeNanos() {
        return activeNanos;
    }

    /** The time since which its thread has been blocked in the call that {@link #activity} names. */
    long blockedSinceNanos() {
        return blockedSinceNanos;
    }

    Activity activity() {
        return activity;
    }

    /** The number of bytes sent by and charged to the client since a byte was last sent to it. */
    int requestBytes() {
        return requestBytes;
    }

    /** The number of responses; the first one is the protocol's handshake. */
    int answers() {
        return answers;
    }

    /** Holds a permit of {@code permits}, acquired for the current request, until the response has been sent. */
    void keepUntilAnswered(Semaphore permits) {
        permit.set(permits);
        if (isClosed()) {
            giveBack();
        }
    }

    /** Releases the permit held by {@link #keepUntilAnswered}, if any. */
    void giveBack() {
        Semaphore kept = permit.getAndSet(null);
        if (kept != null) {
            kept.release();
        }
    }

    /**
     * Charges memory that a request occupies beyond the bytes sent, such as an empty array. Returns false if the limit
     * is exceeded.
     */
    boolean charge(long bytes) {
        if (requestBytes + bytes > limit()) {
            return false;
        }
        add((int) bytes);
        return true;
    }

    private int limit() {
        return isAnonymous() ? MAX_LOGIN_BYTES : MAX_REQUEST_BYTES;
    }

    private void add(int bytes) {
        int now = requestBytes + bytes;
        requestBytes = now;
        if (now > RequestBudget.SMALL_BYTES) {
            budget.charge(this, now);
        }
    }

    private void onRequestBytes(int count) throws IOException {
        SERVED.set(this);
        add(count);
        if (requestBytes > limit()) {
            String why =
                    "a request of more than " + (limit() >> 10) + " KiB" + (isAnonymous() ? " before the login" : "");
            cutOff(why);
            throw new IOException(why);
        }
    }

    private void onAnswer() {
        if (requestBytes > 0) {
            int before = answers;
            answers = before + 1;
            if (requestBytes > RequestBudget.SMALL_BYTES) {
                budget.release(this);
            }
            requestBytes = 0;
        }
    }

    private void onBytesBelow(int count) throws IOException {
        if (isAnonymous()) {
            anonymousBytes += count;
            if (anonymousBytes > MAX_ANONYMOUS_BYTES) {
                String why = "more than " + (MAX_ANONYMOUS_BYTES >> 10) + " KiB before the login";
                cutOff(why);
                throw new IOException(why);
            }
        }
    }

    /** Closes the connection and logs the reason. */
    void cutOff(String why) {
        table.closed(this, why);
        table.close(this);
    }

    @Override
    public InputStream getInputStream() throws IOException {
        InputStream below = new Below(super.getInputStream());
        return secured ? below : requests(below);
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        OutputStream below = new Above(super.getOutputStream(), false);
        return secured ? below : answers(below);
    }

    /** Counts the bytes that are read from {@code in} as requests of this client. */
    InputStream requests(InputStream in) {
        return new Requested(in);
    }

    /** Counts the bytes that are written to {@code out} as responses to this client. */
    OutputStream answers(OutputStream out) {
        return new Above(out, true);
    }

    @Override
    public void close() throws IOException {
        table.remove(this);
        try {
            super.close();
        } finally {
            giveBack();
            budget.release(this); // the budget accepts no further charge of a closed connection
        }
    }

    private void begin(Activity what) {
        blockedSinceNanos = System.nanoTime();
        activity = what;
    }

    private void end() {
        activity = Activity.SERVING;
        activeNanos = System.nanoTime();
    }

    /** The bytes as they arrive. */
    private final class Below extends BulkInputStream {
        Below(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            giveBack();
            begin(Activity.READING);
            int count;
            try {
                count = in.read(buffer, offset, length);
            } finally {
                end();
            }
            if (count > 0) {
                onBytesBelow(count);
            }
            return count;
        }
    }

    /** The bytes of requests. */
    private final class Requested extends FilterInputStream {
        Requested(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int value = in.read();
            if (value >= 0) {
                onRequestBytes(1);
            }
            return value;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = in.read(buffer, offset, length);
            if (count > 0) {
                onRequestBytes(count);
            }
            return count;
        }

        @Override
        public long skip(long count) throws IOException {
            byte[] passed = new byte[(int) Math.max(0, Math.min(count, 4096))];
            return Math.max(0, read(passed, 0, passed.length));
        }
    }

    /** The bytes sent to the client. */
    private final class Above extends FilterOutputStream {
        private final boolean answers;

        Above(OutputStream out, boolean answers) {
            super(out);
            this.answers = answers;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws IOException {
            if (answers) {
                onAnswer();
            }
            begin(Activity.WRITING);
            try {
                out.write(buffer, offset, length);
            } finally {
                end();
            }
        }
    }
}
