// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

import io.millrace.lifecycle.StopSignal;
import io.millrace.posix.NativeBuffer;
import io.millrace.posix.OwnedFd;
import io.millrace.posix.Poll;
import io.millrace.posix.Posix;
import io.millrace.posix.PosixException;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The lines of an open file, pipe or terminal as bytes, one at a time in constant memory. Takes over the descriptor. One
 * thread. A request to stop ends the lines.
 */
final class RecordReader implements AutoCloseable {
    /** A longer line is skipped and given as its beginning. */
    static final int MAX_RECORD_BYTES = 1 << 20;

    private static final int BUFFER_BYTES = 64 * 1024;

    /** How soon a request to stop is noticed while nobody writes. */
    private static final int POLL_MILLIS = 100;

    private final Posix posix;
    private final OwnedFd in;
    private final StopSignal stop;
    private final NativeBuffer buffer = NativeBuffer.allocate(BUFFER_BYTES);
    private final byte[] bytes = new byte[2 * BUFFER_BYTES]; // a read may come on top of what is peeked
    private int position;
    private int limit;
    private boolean ended;
    private byte terminator = '\n';

    RecordReader(Posix posix, OwnedFd in, StopSignal stop) {
        this.posix = posix;
        this.in = in;
        this.stop = stop;
    }

    /** The first 64 KiB, and a little more, or all where it is less; before the first {@link #next}. */
    byte[] peek() throws PosixException {
        while (limit < BUFFER_BYTES && !ended) {
            fill(limit);
        }
        return Arrays.copyOf(bytes, limit);
    }

    /** Passes over this many of the bytes that were peeked. */
    void skip(int count) {
        position += count;
    }

    /** What ends a line, which is a newline if this is not called. */
    void endRecordsAt(char end) {
        terminator = (byte) end;
    }

    /** The next line without its end, which the last one may lack; null after it. */
    byte @Nullable [] next() throws PosixException {
        if (position == limit && !refill()) {
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

    private byte[] across(int firstEnd) throws PosixException {
        var record = new ByteArrayOutputStream(2 * BUFFER_BYTES);
        int end = firstEnd;
        while (true) {
            int room = MAX_RECORD_BYTES + 1 - record.size();
            record.write(bytes, position, Math.min(room, end - position));
            position = end;
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
        while (!stop.isRequested() && posix.pipes().poll(input, POLL_MILLIS) == 0) {
            // nobody has written more yet
        }
        int count = stop.isRequested() ? 0 : posix.io().read(in, buffer);
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
