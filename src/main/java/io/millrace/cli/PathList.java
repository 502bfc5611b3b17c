// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.lifecycle.StopSignal;
import io.millrace.posix.BytePath;
import io.millrace.posix.NativeBuffer;
import io.millrace.posix.OpenFlag;
import io.millrace.posix.OwnedFd;
import io.millrace.posix.Poll;
import io.millrace.posix.Posix;
import io.millrace.posix.PosixException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Paths read from a file or standard input as they are needed, each ended by a newline or a NUL; any number in constant
 * memory. Empty ones are passed over, and a stop ends the list. One thread. A read that fails and what cannot be a path
 * throw {@link UncheckedIOException}.
 */
final class PathList implements Iterator<BytePath>, AutoCloseable {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int LONGEST_PATH_BYTES = 1 << 20;

    /** How soon a request to stop is heard while nobody writes the list. */
    private static final int PATIENCE_MILLIS = 100;

    private final Posix posix;
    private final OwnedFd in;
    private final byte terminator;
    private final StopSignal stop;
    private final NativeBuffer buffer = NativeBuffer.allocate(BUFFER_BYTES);
    private ByteBuffer unread = buffer.first(0);
    private boolean ended;
    private @Nullable BytePath next;

    /** {@code from}: a file, or {@code -} for standard input. */
    static PathList open(Posix posix, BytePath from, char terminator, StopSignal stop) throws PosixException {
        boolean standard = from.equals(BytePath.of("-"));
        var in = standard ? OwnedFd.standardInput() : posix.files().open(from, Set.of(OpenFlag.READ_ONLY));
        return new PathList(posix, in, (byte) terminator, stop);
    }

    private PathList(Posix posix, OwnedFd in, byte terminator, StopSignal stop) {
        this.posix = posix;
        this.in = in;
        this.terminator = terminator;
        this.stop = stop;
    }

    @Override
    public boolean hasNext() {
        while (next == null && !ended) {
            byte[] record = readRecord();
            if (record.length > 0) {
                next = BytePath.of(record);
            }
        }
        return next != null;
    }

    @Override
    public BytePath next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException();
        }
        BytePath path = next;
        next = null;
        return path;
    }

    private byte[] readRecord() {
        var record = new ByteArrayOutputStream();
        while (true) {
            if (!unread.hasRemaining() && !fill()) {
                return record.toByteArray();
            }
            byte b = unread.get();
            if (b == terminator) {
                return record.toByteArray();
            }
            if (record.size() == LONGEST_PATH_BYTES) {
                throw refuse("holds a path of more than 1 MiB");
            }
            if (b == 0) {
                throw refuse("holds a NUL byte, which no path can; is -0 missing?");
            }
            record.write(b);
        }
    }

    private UncheckedIOException refuse(String why) {
        ended = true;
        return new UncheckedIOException(new IOException(in + ": " + why));
    }

    private boolean fill() {
        try {
            var input = List.of(Poll.forInput(in));
            while (!stop.isRequested() && posix.pipes().poll(input, PATIENCE_MILLIS) == 0) {
                // nobody has written more yet
            }
            int count = stop.isRequested() ? 0 : posix.io().read(in, buffer);
            unread = buffer.first(count);
            ended = count == 0;
            return !ended;
        } catch (PosixException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        in.close();
        buffer.close();
    }
}
