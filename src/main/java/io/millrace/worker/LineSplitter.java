// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Splits a byte stream that arrives in pieces into lines. One thread. */
final class LineSplitter {
    /**
     * Most lines that are buffered, above the number of answers ever outstanding; {@link #hasMore} reports a process
     * that writes more.
     */
    private static final int MAX_LINES = 256;

    private final int mostBytes;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final Queue<byte[]> complete = new ArrayDeque<>();
    private boolean tooLong;

    /** {@code mostBytes}: longest line that is kept; the rest of a longer one is dropped. */
    LineSplitter(int mostBytes) {
        this.mostBytes = mostBytes;
    }

    void take(ByteBuffer bytes) {
        var arrived = new byte[bytes.remaining()];
        bytes.get(arrived);
        int start = 0;
        for (int i = 0; i < arrived.length; i++) {
            if (arrived[i] == '\n') {
                keep(arrived, start, i);
                if (complete.size() < MAX_LINES && !tooLong) {
                    complete.add(line.toByteArray());
                }
                line.reset();
                start = i + 1;
            }
        }
        keep(arrived, start, arrived.length);
    }

    private void keep(byte[] bytes, int from, int to) {
        int room = mostBytes - line.size();
        tooLong |= to - from > room;
        line.write(bytes, from, Math.min(to - from, room));
    }

    /** Returns the next line without its terminator; null if none is complete. */
    byte @Nullable [] next() {
        return complete.poll();
    }

    /** Whether a line exceeded the maximum length. */
    boolean isTooLong() {
        return tooLong;
    }

    /** Whether there are bytes after the lines already returned. */
    boolean hasMore() {
        return line.size() > 0 || !complete.isEmpty();
    }
}
