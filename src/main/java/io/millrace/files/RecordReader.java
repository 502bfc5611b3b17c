// SPDX-License-Identifier: Apache-2.0
package io.millrace.files;

import io.millrace.posix.Poll;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file, pipe or terminal line by line as bytes, in constant memory. A request to stop ends the input. One
 * thread, which closes it.
 */
public final class RecordReader implements AutoCloseable {
    /** Of a longer line only the beginning is returned, which is longer than this; the rest is skipped. */
    public static final int MAX_RECORD_BYTES = 1 << 20;

    /** The name that denotes standard input. */
    public static final BytePath STANDARD_INPUT = BytePath.of("-");

    private static final int BUFFER_BYTES = 64 * 1024;

    /** Longest delay before a request to stop is noticed while there is no input. */
    private static final int POLL_MILLIS = 100;

    private final Posix posix;
    private final OwnedFd in;
    private final BooleanSupplier stopping;
    private final NativeBuffer buffer = NativeBuffer.allocate(BUFFER_BYTES);
    private final byte[] bytes = new byte[2 * BUFFER_BYTES]; // a read may follow the peeked bytes
    private int position;
    private int limit;
    private boolean ended;
    private boolean isWithinLongLine;
    private byte terminator = '\n';

    /** {@code from}: a file, or {@code -} for standard input. */
    public static RecordReader open(Posix posix, BytePath from, BooleanSupplier stopping) throws PosixException {
        OwnedFd in = from.equals(STANDARD_INPUT)
                ? OwnedFd.standardInput()
                : posix.files().open(from, Set.of(OpenFlag.READ_ONLY));
        return new RecordReader(posix, in, stopping);
    }

    private RecordReader(Posix posix, OwnedFd in, BooleanSupplier stopping) {
        this.posix = posix;
        this.in = in;
        this.stopping = stopping;
    }

    /** The descriptor that is read; open until {@link #close()}. */
    public OwnedFd fd() {
        return in;
    }

    /**
     * Returns the first 64 KiB and a little more, or everything if there is less; only before the first {@link #next}.
     */
    public byte[] peek() throws PosixException {
        while (limit < BUFFER_BYTES && !ended) {
            fill(limit);
        }
        return Arrays.copyOf(bytes, limit);
    }

    /** Skips this many of the peeked bytes. */
    public void skip(int count) {
        position += count;
    }

    /** Sets the line terminator. Default: newline. */
    public void endRecordsAt(char end) {
        terminator = (byte) end;
    }

    /** Returns the next line without its terminator, which the last line may lack; null after the last one. */
    public byte @Nullable [] next() throws PosixException {
        if (isWithinLongLine && !skipRest() || position == limit && !refill()) {
            return null;
        }
        int end = find();
        if (end < limit) {
            byte[] record = Arrays.copyOfRange(bytes, position, end);
            position = end + 1;
            return record;
        }
        return across(end);
    }

    /** Returns the bytes, without regard to lines; instead of {@link #next}. Closed with the reader only. */
    public InputStream bytes() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                if (length == 0) {
                    return 0;
                }
                if (position == limit && !refill()) {
                    return -1;
                }
                int count = Math.min(length, limit - position);
                System.arraycopy(bytes, position, into, offset, count);
                position += count;
                return count;
            }
        };
    }

    private byte[] across(int firstEnd) throws PosixException {
        var record = new ByteArrayOutputStream(2 * BUFFER_BYTES);
        int end = firstEnd;
        while (true) {
            int length = Math.min(MAX_RECORD_BYTES + 1 - record.size(), end - position);
            record.write(bytes, position, length);
            position += length;
            if (record.size() > MAX_RECORD_BYTES) {
                isWithinLongLine = true;
                return record.toByteArray();
            }
            if (end < limit) {
                position++;
                return record.toByteArray();
            }
            if (!refill()) {
                return record.toByteArray();
            }
            end = find();
        }
    }

    /** Returns false if the line ends with the input. */
    private boolean skipRest() throws PosixException {
        position = find();
        while (position == limit) {
            if (!refill()) {
                return false;
            }
            position = find();
        }
        position++;
        isWithinLongLine = false;
        return true;
    }

    private int find() {
        int at = position;
        while (at < limit && bytes[at] != terminator) {
            at++;
        }
        return at;
    }

    private boolean refill() throws PosixException {
        position = 0;
        limit = 0;
        if (!ended) {
            fill(0);
        }
        return limit > 0;
    }

    private void fill(int from) throws PosixException {
        var input = List.of(Poll.forInput(in));
        while (!stopping.getAsBoolean() && posix.pipes().poll(input, POLL_MILLIS) == 0) {
            // no input yet
        }
        int count = stopping.getAsBoolean() ? 0 : posix.io().read(in, buffer);
        buffer.first(count).get(bytes, from, count);
        limit = from + count;
        ended = count == 0;
    }

    @Override
    public void close() {
        in.close();
        buffer.close();
    }
}
