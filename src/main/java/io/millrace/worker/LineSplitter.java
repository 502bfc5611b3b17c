// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Lines as they arrive in pieces. */
final class LineSplitter {
    /** More than anybody has asked for at a time; who says more than this is found out by what is kept. */
    private static final int MAX_LINES = 256;

    private final int mostBytes;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final Queue<byte[]> complete = new ArrayDeque<>();
    private boolean tooLong;

    /** {@code mostBytes}: of one line; what is beyond that is dropped. */
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

    /** The next line, without its end; null while none is complete. */
    byte @Nullable [] next() {
        return complete.poll();
    }

    /** Whether a line was longer than it may be. */
    boolean isTooLong() {
        return tooLong;
    }

    /** Whether anything has come beyond the lines that were taken. */
    boolean hasMore() {
        return line.size() > 0 || !complete.isEmpty();
    }
}
