// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.posix.Errno;
import io.millrace.posix.NativeBuffer;
import io.millrace.posix.OwnedFd;
import io.millrace.posix.Posix;
import io.millrace.posix.PosixException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Standard output, where programs read: bytes, buffered, with the errno when they cannot be written. {@link
 * #endRecord()} shows a finished line at once on a terminal. One thread at a time.
 */
final class ResultStream extends OutputStream {
    /** Nobody reads standard output any more: the work ends, without a word. */
    static final class Closed extends IOException {
        private static final long serialVersionUID = 1L;

        Closed(PosixException cause) {
            super(cause);
        }
    }

    private static final int BUFFER_BYTES = 64 * 1024;

    private final Posix posix;
    private final OwnedFd out = OwnedFd.standardOutput();
    private final NativeBuffer buffer = NativeBuffer.allocate(BUFFER_BYTES);
    private final boolean interactive;
    private int filled;

    ResultStream(Posix posix) {
        this.posix = posix;
        this.interactive = posix.terminals().isTerminal(out);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int done = 0;
        while (done < length) {
            int part = Math.min(length - done, BUFFER_BYTES - filled);
            buffer.first(BUFFER_BYTES).put(filled, bytes, offset + done, part);
            filled += part;
            done += part;
            if (filled == BUFFER_BYTES) {
                flush();
            }
        }
    }

    /** A line of UTF-8 text. */
    void line(String text) throws IOException {
        write((text + "\n").getBytes(StandardCharsets.UTF_8));
        endRecord();
    }

    /** Marks a point at which a person watching should see all of what was written. */
    void endRecord() throws IOException {
        if (interactive) {
            flush();
        }
    }

    @Override
    public void flush() throws IOException {
        int ready = filled;
        filled = 0;
        try {
            posix.io().write(out, buffer, ready);
        } catch (PosixException e) {
            throw e.is(Errno.EPIPE) ? new Closed(e) : e;
        }
    }

    /** Writes what is left and frees the buffer; descriptor 1 stays open. */
    @Override
    public void close() throws IOException {
        try (buffer) {
            flush();
        }
    }
}
