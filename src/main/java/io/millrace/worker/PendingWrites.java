// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import io.millrace.posix.Posix;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.nio.ByteBuffer;

/**
 * Buffers bytes for a pipe that may be full: protocol data around files, and small files themselves. One thread at a
 * time; its {@link ChildStdin} closes it.
 */
final class PendingWrites implements AutoCloseable {
    private NativeBuffer buffer;
    private int from;
    private int to;

    PendingWrites(int sizeBytes) {
        buffer = NativeBuffer.allocate(sizeBytes);
    }

    /** Adds bytes; the buffer grows as needed. */
    void add(ByteBuffer bytes) {
        int length = bytes.remaining();
        if (to + length > buffer.sizeBytes()) {
            grow(to + length);
        }
        buffer.first(to + length).position(to).put(bytes);
        to += length;
    }

    private void grow(int leastBytes) {
        var larger = NativeBuffer.allocate(Math.max(leastBytes, 2 * buffer.sizeBytes()));
        larger.first(to).put(buffer.first(to));
        buffer.close();
        buffer = larger;
    }

    void add(byte[] bytes) {
        add(ByteBuffer.wrap(bytes));
    }

    /** Adds a number, most significant byte first. */
    void add(int number) {
        add(ByteBuffer.allocate(Integer.BYTES).putInt(0, number));
    }

    /** Bytes that are not written yet. */
    int sizeBytes() {
        return to - from;
    }

    boolean isEmpty() {
        return from == to;
    }

    /** Writes as much as the pipe takes and returns the number of bytes. EPIPE if the pipe has no reader. */
    int flush(Posix posix, OwnedFd pipe) throws PosixException {
        int written = 0;
        while (from < to) {
            int count = posix.io().writeNoWait(pipe, buffer, from, to - from);
            if (count <= 0) {
                return written;
            }
            from += count;
            written += count;
        }
        clear();
        return written;
    }

    void clear() {
        from = 0;
        to = 0;
    }

    @Override
    public void close() {
        buffer.close();
    }
}
