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
 * A connection that {@link JmxServerSocket} accepted. Counts what its client has sent since the last byte that was sent to it, which
 * is what the client can make us hold, since JRMP alternates requests and answers; a request beyond its bound fails, and
 * the connection is closed. The serialization filters of the JDK cannot bound this, as they are not asked within a
 * string.
 *
 * <p>RMI's registry lets local clients change its entries, by the address that an accepted socket tells; those from here
 * tell none, so nobody can. Read and written by the RMI thread that serves the connection, and looked at by any.
 */
final class AcceptedSocket extends Socket {
    /** A name and a password; whoever has not logged in has nothing to say that is longer. */
    static final int MAX_LOGIN_BYTES = RequestBudget.SMALL_BYTES;

    /** Far more than arguments, which {@link SerialFilter} bounds to 10,000 bytes, and what comes around them. */
    static final int MAX_REQUEST_BYTES = 64 << 10;

    /** Before the login, in all, below TLS: a chain of certificates of 32 KiB, and calls. */
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

    /** Given back when the request has been answered, which is when the next one is read, or the connection closed. */
    private final AtomicReference<@Nullable Semaphore> permit = new AtomicReference<>();

    /** What the thread that serves it does. */
    enum Activity {
        READING,
        WRITING,
        SERVING
    }

    /** {@code secured}: what is read and written here is TLS, and the requests are counted above it. */
    AcceptedSocket(ConnectionTable table, RequestBudget budget, boolean secured) {
        this.table = table;
        this.budget = budget;
        this.secured = secured;
    }

    /** The connection whose request this thread serves; null for a thread that serves none. */
    static @Nullable AcceptedSocket served() {
        return SERVED.get();
    }

    /** What a call to the object of a session is: whoever knows that object's number has logged in. */
    static void authenticated(Role as) {
        AcceptedSocket connection = SERVED.get();
        if (connection != null) {
            connection.role = as;
        }
    }

    /** The higher the longer it is kept: not logged in, {@code readonly}, {@code readwrite}. */
    int rank() {
        Role known = role;
        return known == null ? 0 : 1 + known.ordinal();
    }

    boolean isAnonymous() {
        return role == null;
    }

    /** Where it comes from, for the log. */
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

    /** Since when its thread waits in the call that {@link #activity} names. */
    long blockedSinceNanos() {
        return blockedSinceNanos;
    }

    Activity activity() {
        return activity;
    }

    /** What it has sent, and been charged for, since it was last sent a byte. */
    int requestBytes() {
        return requestBytes;
    }

    /** How often it was answered: the first time is but the greeting of the protocol. */
    int answers() {
        return answers;
    }

    /** Keeps a permit of {@code permits}, which was acquired for the request under way, until the answer is sent. */
    void keepUntilAnswered(Semaphore permits) {
        permit.set(permits);
        if (isClosed()) {
            giveBack();
        }
    }

    /** Gives back what {@link #keepUntilAnswered} keeps, if anything. */
    void giveBack() {
        Semaphore kept = permit.getAndSet(null);
        if (kept != null) {
            kept.release();
        }
    }

    /** Accounts for memory that a request takes without having sent as many bytes, such as an empty array. */
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

    /** Closes it, and says why in the log. */
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

    /** Counts what is read from {@code in} as this client's requests. */
    InputStream requests(InputStream in) {
        return new Requested(in);
    }

    /** Counts what is written to {@code out} as answers to this client. */
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
            budget.release(this); // which takes no more of one that is closed
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
    private final class Below extends FilterInputStream {
        Below(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
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

    /** The bytes to the client. */
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
