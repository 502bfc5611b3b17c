// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.stream;

import io.millrace.files.PipeWriter;
import io.millrace.lifecycle.CancellationToken;
import io.millrace.posix.FileType;
import io.millrace.posix.Poll;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.throttle.RateLimiter;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The output descriptor of a {@link FileStreamer}, with a rate limit. Every accepted byte is counted here and nowhere
 * else. A stop request ends every wait. Belongs to one thread; the caller keeps ownership of the descriptor.
 */
final class StreamOutput {
    /** Returned if the file system does not support splice(2), so that the bytes have to be copied. */
    static final long CANNOT_SPLICE = -1;

    private static final int PIPE_BYTES = 1 << 20;

    /** PIPE_BUF: a write of at most this size does not block if poll(2) reports the descriptor as writable. */
    private static final int MAX_UNBLOCKED_BYTES = 4096;

    /** Upper bound of the delay before a stop request is noticed while the pipe is full. */
    private static final int POLL_MILLIS = 100;

    /** With a rate limit, one transfer is at most the rate divided by this number, so that the bytes flow evenly. */
    private static final int PIECES_PER_SECOND = 20;

    private final Posix posix;
    private final OwnedFd out;
    private final CancellationToken stop;
    private final RateLimiter limiter;
    private final LongConsumer sent;
    private final @Nullable PipeWriter channel;
    private final boolean mayHangUp;
    private final boolean mayBlock;
    private long sentBytes;

    /** {@code sent}: called with the number of bytes after each accepted transfer. */
    StreamOutput(Posix posix, OwnedFd out, RateLimiter limiter, LongConsumer sent, CancellationToken stop)
            throws PosixException {
        this.posix = posix;
        this.out = out;
        this.stop = stop;
        this.limiter = limiter;
        this.sent = sent;
        this.channel = posix.pipes().isPipe(out) ? new PipeWriter(posix, out, PIPE_BYTES) : null;
        FileType type = posix.files().status(out).type();
        this.mayHangUp = channel != null || type == FileType.SOCKET;
        this.mayBlock = mayHangUp || posix.terminals().isTerminal(out);
    }

    /** Whether pages can be spliced into the output. */
    boolean isPipe() {
        return channel != null;
    }

    /** Returns the capacity of the pipe; 0 for any other output. */
    int pipeBytes() {
        return channel == null ? 0 : channel.capacityBytes();
    }

    long sentBytes() {
        return sentBytes;
    }

    /** Returns how many bytes are in the pipe (FIONREAD). */
    int pendingBytes() throws PosixException {
        return posix.pipes().pendingBytes(out);
    }

    /**
     * Returns a poll for the reader's hang-up, to be watched while no bytes arrive; empty if poll(2) does not report
     * it.
     */
    Optional<Poll> reader() {
        return mayHangUp ? Optional.of(Poll.forHangUp(out)) : Optional.empty();
    }

    /**
     * Moves pages of a file into the pipe.
     *
     * @return bytes moved; 0 at the end of the file or after a stop request; or {@link #CANNOT_SPLICE}
     */
    long splice(OwnedFd file, ByteRange range) throws IOException, InterruptedException {
        long start = range.offsetBytes();
        return splice(range.lengthBytes(), piece -> pipe().splice(file, new ByteRange(start, piece)));
    }

    /** Like {@link #splice(OwnedFd, ByteRange)}, from another pipe that is readable or at its end; 0 at its end. */
    long splice(OwnedFd pipe, long lengthBytes) throws IOException, InterruptedException {
        return splice(lengthBytes, piece -> posix.pipes().spliceNoWait(pipe, out, piece));
    }

    private long splice(long lengthBytes, Transfer transfer) throws IOException, InterruptedException {
        try {
            return move(lengthBytes, transfer);
        } catch (PosixException e) {
            if (e.is(Errno.EPIPE)) {
                throw new OutputException(e);
            }
            if (!PipeWriter.mustCopy(e)) {
                throw e;
            }
            return CANNOT_SPLICE; // not every file system supports splice
        }
    }

    /** One non-blocking transfer; returns {@link PipeWriter#FULL} if there is no room. */
    private interface Transfer {
        long once(long lengthBytes) throws PosixException;
    }

    /** Transfers at most {@code lengthBytes} as soon as there is room; returns 0 after a stop request. */
    private long move(long lengthBytes, Transfer transfer) throws PosixException, InterruptedException {
        while (!stop.isRequested()) {
            if (pipe().isFull()) {
                pipe().letDrain();
            }
            long moved = transfer.once(permitted(lengthBytes));
            if (moved != PipeWriter.FULL) {
                count(moved);
                return moved;
            }
            awaitRoom();
        }
        return 0;
    }

    /** Waits for the rate limit and returns how much may be sent. {@link #count} charges for it afterwards. */
    private long permitted(long lengthBytes) throws InterruptedException {
        limiter.take(0, stop::isRequested);
        long rate = limiter.bytesPerSecond();
        return rate == RateLimiter.UNLIMITED
                ? lengthBytes
                : Math.min(lengthBytes, Math.max(MAX_UNBLOCKED_BYTES, rate / PIECES_PER_SECOND));
    }

    private void count(long bytes) {
        limiter.charge(bytes);
        sentBytes += bytes;
        sent.accept(bytes);
    }

    private boolean awaitRoom() throws PosixException {
        return posix.pipes().poll(List.of(Poll.forOutput(out)), POLL_MILLIS) > 0;
    }

    private PipeWriter pipe() {
        return Objects.requireNonNull(channel);
    }

    /**
     * Sends zeros.
     *
     * @param scratch buffer whose content is overwritten
     * @return bytes sent; fewer than requested only after a stop request
     */
    long sendZeros(long lengthBytes, NativeBuffer scratch) throws OutputException, InterruptedException {
        long done = 0;
        try {
            if (channel == null) {
                int part = (int) Math.min(lengthBytes, scratch.sizeBytes());
                scratch.first(part).put(new byte[part]);
            }
            while (done < lengthBytes && !stop.isRequested()) {
                long left = lengthBytes - done;
                done += channel == null
                        ? send(scratch, (int) Math.min(left, scratch.sizeBytes()))
                        : move(left, piece -> pipe().zeros(piece));
            }
        } catch (PosixException e) {
            throw new OutputException(e);
        }
        return done;
    }

    /**
     * Sends a copy of the start of a buffer. Returns the bytes sent, fewer than requested only after a stop request.
     */
    int send(NativeBuffer bytes, int lengthBytes) throws OutputException, InterruptedException {
        int done = 0;
        try {
            while (done < lengthBytes && !stop.isRequested()) {
                int piece = (int) permitted(lengthBytes - done);
                if (mayBlock) { // O_NONBLOCK would affect every process that shares the output
                    piece = awaitRoom() ? Math.min(piece, MAX_UNBLOCKED_BYTES) : 0;
                }
                int written = piece == 0 ? 0 : posix.io().writeNoWait(out, bytes, done, piece);
                if (written > 0) {
                    count(written);
                    done += written;
                } else if (written < 0) { // another process has made it non-blocking
                    boolean unused = awaitRoom();
                }
            }
        } catch (PosixException e) {
            throw new OutputException(e);
        }
        return done;
    }
}
