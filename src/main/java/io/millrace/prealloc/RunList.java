// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import io.millrace.posix.libc.ByteRange;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Ranges of a file in ascending order, in a few bytes each (the distance from the previous one and the length, both as
 * variable-length integers): a fragmented disk image has millions of them. One thread.
 */
final class RunList implements Iterable<ByteRange> {
    /** Enough for some five million runs of a file of 4 KiB blocks; the heap of the program is 64 MiB. */
    static final int MAX_BYTES = 20 << 20;

    private static final int PIECE_BYTES = 64 << 10;
    private static final int MAX_RUN_BYTES = 18;
    private static final int MORE = 0x80;
    private static final int BITS = 7;

    private final int maxPieces;
    private final List<byte[]> pieces = new ArrayList<>();
    private int used = PIECE_BYTES;
    private long count;
    private long totalBytes;
    private long endBytes;
    private boolean isFull;

    RunList() {
        this(MAX_BYTES);
    }

    /** @param maxBytes of memory, rounded up to 64 KiB */
    RunList(int maxBytes) {
        this.maxPieces = Math.max(1, maxBytes / PIECE_BYTES);
    }

    /**
     * Appends the bytes from {@code start} to {@code end}; an empty range is ignored.
     *
     * @throws IllegalArgumentException if it begins before the last range ended
     */
    void add(long start, long end) {
        if (start >= end || isFull) {
            return;
        }
        if (start < endBytes) {
            throw new IllegalArgumentException(start + " is before the end of the last run, " + endBytes);
        }
        if (used > PIECE_BYTES - MAX_RUN_BYTES) {
            if (pieces.size() == maxPieces) {
                isFull = true;
                return;
            }
            pieces.add(new byte[PIECE_BYTES]);
            used = 0;
        }
        write(start - endBytes);
        write(end - start);
        count++;
        totalBytes += end - start;
        endBytes = end;
    }

    private void write(long number) {
        byte[] piece = pieces.get(pieces.size() - 1);
        long rest = number;
        while (rest >= MORE) {
            piece[used++] = (byte) (rest | MORE);
            rest >>>= BITS;
        }
        piece[used++] = (byte) rest;
    }

    /** Whether there were more runs than fit: the later ones are missing. */
    boolean isFull() {
        return isFull;
    }

    long count() {
        return count;
    }

    /** Total length of all runs. */
    long totalBytes() {
        return totalBytes;
    }

    @Override
    public Iterator<ByteRange> iterator() {
        return new Cursor();
    }

    private final class Cursor implements Iterator<ByteRange> {
        private int piece;
        private int at;
        private long seen;
        private long end;

        @Override
        public boolean hasNext() {
            return seen < count;
        }

        @Override
        public ByteRange next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            if (at > PIECE_BYTES - MAX_RUN_BYTES) {
                piece++;
                at = 0;
            }
            long start = end + read();
            end = start + read();
            seen++;
            return ByteRange.between(start, end);
        }

        private long read() {
            byte[] bytes = pieces.get(piece);
            long number = 0;
            for (int shift = 0; ; shift += BITS) {
                byte next = bytes[at++];
                number |= (long) (next & (MORE - 1)) << shift;
                if (next >= 0) {
                    return number;
                }
            }
        }
    }
}
