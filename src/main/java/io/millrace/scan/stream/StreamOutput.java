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
 * The descriptor that a {@link FileStreamer} sends to, at most as fast as a rate allows. Every byte that was accepted is
 * counted here and nowhere else. A request to stop ends every wait. One thread; the descriptor stays the caller's.
 */
final class StreamOutput {
    /** The file system cannot splice(2), so that its bytes have to be copied. */
    static final long CANNOT_SPLICE = -1;

    private static final int PIPE_BYTES = 1 << 20;

    /** PIPE_BUF: as much finds room without waiting in what poll(2) calls writable. */
    private static final int MAX_UNBLOCKED_BYTES = 4096;

    /** How soon a request to stop is noticed while nobody takes from the pipe. */
    private static final int POLL_MILLIS = 100;

    /** Under a rate, what is sent at once is what it allows in this part of a second, so that the bytes flow evenly. */
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

    /** {@code sent}: called with the number of bytes whenever some were accepted. */
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

    /** Whether pages can go into it. */
    boolean isPipe() {
        return channel != null;
    }

    /** The most that can be in the pipe; 0 for anything else. */
    int pipeBytes() {
        return channel == null ? 0 : channel.capacityBytes();
    }

    long sentBytes() {
        return sentBytes;
    }

    /** What nobody has taken from the pipe yet. */
    int pendingBytes() throws PosixException {
        return posix.pipes().pendingBytes(out);
    }

    /** To be watched while no bytes come: for a reader that leaves. Empty where poll(2) does not tell. */
    Optional<Poll> reader() {
        return mayHangUp ? Optional.of(Poll.forHangUp(out)) : Optional.empty();
    }

    /**
     * Moves pages of a file into the pipe.
     *
     * @return bytes moved; 0 at the end of the file or when it is to stop; or {@link #CANNOT_SPLICE}
     */
    long splice(OwnedFd file, ByteRange range) throws IOException, InterruptedException {
        long start = range.offsetBytes();
        return splice(range.lengthBytes(), piece -> pipe().splice(file, new ByteRange(start, piece)));
    }

    /** As {@link #splice(OwnedFd, ByteRange)}, out of another pipe that has bytes or has ended: 0 at its end. */
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
            return CANNOT_SPLICE; // not every file system can
        }
    }

    /** One transfer that does not wait: {@link PipeWriter#FULL} without room. */
    private interface Transfer {
        long once(long lengthBytes) throws PosixException;
    }

    /** Makes a transfer of this many bytes at most, as soon as there is room; 0 when it is to stop. */
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

    /** Waits for the rate. What is sent then is paid for by {@link #count}. */
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
     * @param scratch is overwritten
     * @return how many; fewer only when it is to stop
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

    /** Sends a copy of the start of a buffer: all of it, unless it is to stop. Returns how much. */
    int send(NativeBuffer bytes, int lengthBytes) throws OutputException, InterruptedException {
        int done = 0;
        try {
            while (done < lengthBytes && !stop.isRequested()) {
                int piece = (int) permitted(lengthBytes - done);
                if (mayBlock) { // O_NONBLOCK is no help: it would be set for everybody who shares the output
                    piece = awaitRoom() ? Math.min(piece, MAX_UNBLOCKED_BYTES) : 0;
                }
                int written = piece == 0 ? 0 : posix.io().writeNoWait(out, bytes, done, piece);
                if (written > 0) {
                    count(written);
                    done += written;
                } else if (written < 0) { // somebody made it non-blocking
                    boolean unused = awaitRoom();
                }
            }
        } catch (PosixException e) {
            throw new OutputException(e);
        }
        return done;
    }
}
