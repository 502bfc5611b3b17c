// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.options;

import io.millrace.files.RecordReader;
import io.millrace.lifecycle.CancellationToken;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.PosixException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Paths read on demand from a file or standard input, each terminated by a newline or a NUL, in constant memory. Empty
 * paths are skipped, and a request to stop ends the list. One thread. A failed read or an invalid path causes an
 * {@link UncheckedIOException}. Its opener closes it.
 */
public final class PathList implements Iterator<BytePath>, AutoCloseable {
    private final RecordReader records;
    private boolean ended;
    private @Nullable BytePath next;

    /** @param from a file, or {@code -} for standard input */
    public static PathList open(Posix posix, BytePath from, char terminator, CancellationToken stop)
            throws PosixException {
        var records = RecordReader.open(posix, from, stop::isRequested);
        records.endRecordsAt(terminator);
        return new PathList(records);
    }

    private PathList(RecordReader records) {
        this.records = records;
    }

    @Override
    public boolean hasNext() {
        while (next == null && !ended) {
            byte[] record = read();
            ended = record == null;
            if (record != null && record.length > 0) {
                next = path(record);
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

    private byte @Nullable [] read() {
        try {
            return records.next();
        } catch (PosixException e) {
            throw new UncheckedIOException(e);
        }
    }

    private BytePath path(byte[] record) {
        for (byte b : record) {
            if (b == 0) {
                throw refuse("holds a NUL byte, which no path can; is -0 missing?");
            }
        }
        if (record.length > RecordReader.MAX_RECORD_BYTES) {
            throw refuse("holds a path of more than 1 MiB");
        }
        return BytePath.of(record);
    }

    private UncheckedIOException refuse(String why) {
        ended = true;
        return new UncheckedIOException(new IOException(records.fd() + ": " + why));
    }

    @Override
    public void close() {
        records.close();
    }
}
