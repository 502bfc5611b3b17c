// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.output;

import io.millrace.lifecycle.CancellationToken;
import io.millrace.posix.FileType;
import io.millrace.posix.Poll;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Buffered standard output, which reports the errno if a write fails. On a terminal {@link #endRecord()} shows a
 * finished line at once, and the status line is erased for the write. One thread at a time; its opener closes it.
 *
 * <p>A pipe may be full for as long as its reader likes. A request to stop is nevertheless obeyed, and output that does
 * not fit into the pipe is dropped. O_NONBLOCK cannot be used, because it would apply to all processes that share the
 * pipe.
 */
public final class ResultStream extends OutputStream {
    /** The reader closed standard output; the command ends without a message. */
    public static final class Closed extends IOException {
        private static final long serialVersionUID = 1L;

        Closed(PosixException cause) {
            super(cause);
        }
    }

    /** A stop was requested while standard output was full; the rest of the results is lost. */
    public static final class Stopped extends IOException {
        private static final long serialVersionUID = 1L;

        public Stopped() {
            this("stopped while standard output was full; the rest of the results is dropped");
        }

        /** @param message one line */
        public Stopped(String message) {
            super(message);
        }
    }

    private static final int FILE_BUFFER_BYTES = 64 * 1024;

    /** PIPE_BUF: a write of this size does not block if poll(2) reports the pipe as writable. */
    private static final int PIPE_BUFFER_BYTES = 4096;

    /** The interval at which a request to stop is checked while the pipe is full. */
    private static final int PATIENCE_MILLIS = 100;

    private final Posix posix;
    private final OwnedFd out = OwnedFd.standardOutput();
    private final CancellationToken stop;
    private final Console console;
    private final boolean interactive;
    private final boolean maybeFull;
    private final NativeBuffer buffer;
    private int filled;
    private boolean dropping;

    public ResultStream(Invocation invocation) throws PosixException {
        this.posix = invocation.posix();
        this.stop = invocation.stop();
        this.console = invocation.console();
        this.interactive = posix.terminals().isTerminal(out);
        this.maybeFull = posix.files().status(out).type() != FileType.REGULAR;
        this.buffer = NativeBuffer.allocate(maybeFull ? PIPE_BUFFER_BYTES : FILE_BUFFER_BYTES);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int size = buffer.sizeBytes();
        int done = 0;
        while (done < length) {
            int part = Math.min(length - done, size - filled);
            buffer.first(size).put(filled, bytes, offset + done, part);
            filled += part;
            done += part;
            if (filled == size) {
                flush();
            }
        }
    }

    /** Writes a line of UTF-8 text. */
    public void line(String text) throws IOException {
        write((text + "\n").getBytes(StandardCharsets.UTF_8));
        endRecord();
    }

    /** Marks the end of a record, which a terminal must show at once. */
    public void endRecord() throws IOException {
        if (interactive) {
            flush();
        }
    }

    @Override
    public void flush() throws IOException {
        int ready = filled;
        filled = 0;
        if (ready == 0 || dropping) {
            return;
        }
        try {
            if (maybeFull) {
                awaitRoom();
            }
            if (interactive) {
                byte last = buffer.first(ready).get(ready - 1);
                console.besideStatus(last == '\n', () -> posix.io().write(out, buffer, ready));
            } else {
                posix.io().write(out, buffer, ready);
            }
        } catch (PosixException e) {
            throw e.is(Errno.EPIPE) ? new Closed(e) : e;
        }
    }

    private void awaitRoom() throws PosixException, Stopped {
        var room = List.of(Poll.forOutput(out));
        while (posix.pipes().poll(room, PATIENCE_MILLIS) == 0) {
            if (stop.isRequested()) {
                dropping = true;
                throw new Stopped();
            }
        }
    }

    /** Writes the buffered rest and frees the buffer; descriptor 1 stays open. */
    @Override
    public void close() throws IOException {
        try (buffer) {
            flush();
        }
    }
}
