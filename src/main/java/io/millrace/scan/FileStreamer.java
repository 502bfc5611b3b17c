// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.lifecycle.Failures;
import io.millrace.lifecycle.StopSignal;
import io.millrace.pagecache.CacheEffect;
import io.millrace.pagecache.CacheGauge;
import io.millrace.pagecache.Chunk;
import io.millrace.pagecache.Mounts;
import io.millrace.pagecache.ReadPlan;
import io.millrace.pagecache.Window;
import io.millrace.posix.BytePath;
import io.millrace.posix.ByteRange;
import io.millrace.posix.Errno;
import io.millrace.posix.NativeBuffer;
import io.millrace.posix.OwnedFd;
import io.millrace.posix.Poll;
import io.millrace.posix.Posix;
import io.millrace.posix.PosixException;
import io.millrace.worker.Channel;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Sends the bytes of files to a descriptor, and leaves the page cache as it was. Into a pipe go pages (splice(2)), to
 * anything else copies. One thread; the descriptor stays the caller's.
 */
public final class FileStreamer implements AutoCloseable {
    private static final int PIPE_BYTES = 1 << 20;
    private static final long CANNOT_SPLICE = -1;

    /** How soon a request to stop is heard while nobody takes from the pipe. */
    private static final int PATIENCE_MILLIS = 100;

    /** How long the last pages in a pipe are waited for; whoever does not read them keeps them in the page cache. */
    private static final int DRAIN_MILLIS = 1000;

    /** Standard output, or whatever the bytes go to, takes no more: no other file will fare better. */
    public static final class OutputException extends IOException {
        private static final long serialVersionUID = 1L;

        private final Errno errno;

        OutputException(PosixException cause) {
            super(cause.getMessage(), cause);
            this.errno = cause.errno();
        }

        /** Whether nobody reads any more, which is no error of anybody's. */
        public boolean isClosed() {
            return errno == Errno.EPIPE;
        }
    }

    /**
     * A file that was sent, and stays open until its cold pages have left the pipe.
     *
     * @param endBytes where its last spliced cold page ends in the stream of all files; 0 without one
     */
    private record Sent(OpenedFile file, Window window, long endBytes) {}

    private final Posix posix;
    private final OwnedFd out;
    private final ReadPlan.Wish wish;
    private final StopSignal stop;
    private final Mounts mounts;
    private final NativeBuffer buffer = NativeBuffer.allocate(ScanOptions.DEFAULT_READ_BYTES);
    private final @Nullable Channel channel;
    private final Queue<Sent> inPipe = new ArrayDeque<>();
    private long sentBytes;
    private long coldEndBytes;
    private CacheEffect effect = CacheEffect.NONE;

    /** {@code wish}: whether pages are needed is found out here. */
    public FileStreamer(Posix posix, OwnedFd out, ReadPlan.Wish wish, StopSignal stop) throws PosixException {
        this.posix = posix;
        this.out = out;
        this.stop = stop;
        this.mounts = new Mounts(posix);
        this.channel = posix.pipes().isPipe(out) ? new Channel(posix, out, PIPE_BYTES) : null;
        this.wish = new ReadPlan.Wish(wish.policy(), wish.forced(), wish.fallback(), channel != null);
    }

    /**
     * Sends a range of a file, or what there is of it; ends early, without an error, if a stop is requested.
     *
     * @return bytes sent
     * @throws OutputException where they could not be written
     * @throws IOException one line on what else failed
     */
    public long send(BytePath path, Optional<ByteRange> range) throws IOException, InterruptedException {
        var file = OpenedFile.open(posix, mounts, new Found(0, path, null, new byte[0], null), stop::isRequested);
        ReadPlan plan;
        Window window;
        try {
            plan = ReadPlan.choose(posix, file.traits(), file.fd(), wish);
            window = open(file, range, plan);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
        long before = sentBytes;
        coldEndBytes = 0;
        try {
            pump(window, file.fd(), path);
            return sentBytes - before;
        } finally {
            inPipe.add(new Sent(file, window, coldEndBytes));
            letGo(takenBytes());
        }
    }

    private Window open(OpenedFile file, Optional<ByteRange> range, ReadPlan plan) throws PosixException {
        ByteRange wanted = range.map(part -> clip(part, file.content())).orElse(file.content());
        return new Window(
                posix,
                file.traits(),
                plan,
                file.fd(),
                file.status(),
                wanted,
                ScanOptions.DEFAULT_READ_BYTES,
                new CacheGauge());
    }

    private static ByteRange clip(ByteRange part, ByteRange content) {
        long start = Math.min(part.offsetBytes(), content.endBytes());
        return ByteRange.between(start, Math.min(part.endBytes(), content.endBytes()));
    }

    private void pump(Window window, OwnedFd file, BytePath path) throws IOException, InterruptedException {
        var cursor = window.join();
        Channel pages = window.holdsPages() ? channel : null;
        Chunk chunk = cursor.next(buffer.sizeBytes());
        while (chunk != null && !stop.isRequested()) {
            ByteRange range = chunk.range();
            long count = CANNOT_SPLICE;
            if (chunk.kind() == Chunk.Kind.HOLE) {
                count = sendZeros(range.lengthBytes());
            } else if (pages != null) {
                count = splice(pages, window, chunk, file);
                pages = count == CANNOT_SPLICE ? null : pages;
            }
            if (count == CANNOT_SPLICE) {
                count = window.read(chunk, buffer);
                write(buffer, (int) count);
            }
            if (count < range.lengthBytes() && !stop.isRequested()) {
                throw new EOFException(
                        path + ": shrank while it was read: ends at byte " + (range.offsetBytes() + count));
            }
            // Pages in the pipe cannot be dropped, so what may be in it still counts as in use.
            cursor.done(range.endBytes(), channel == null ? 0 : channel.capacityBytes());
            chunk = cursor.next(buffer.sizeBytes());
        }
    }

    /** Moves a chunk into the pipe; less where the file has shrunk or a stop is requested. */
    private long splice(Channel pages, Window window, Chunk chunk, OwnedFd file) throws IOException {
        long start = chunk.range().offsetBytes();
        long at = start;
        while (at < chunk.range().endBytes() && !stop.isRequested()) {
            long moved;
            try {
                moved = pages.splice(file, ByteRange.between(at, chunk.range().endBytes()));
            } catch (PosixException e) {
                if (e.is(Errno.EPIPE)) {
                    throw new OutputException(e);
                }
                if (!Channel.mustCopy(e) || at > start) {
                    throw e;
                }
                return CANNOT_SPLICE; // not every file system can
            }
            if (moved == 0) {
                break;
            }
            at += sentUnlessFull(moved);
        }
        boolean cold = window.taken(chunk, start, at);
        coldEndBytes = cold ? sentBytes : coldEndBytes;
        return at - start;
    }

    /** Counts what went into the pipe; where nothing did, waits for room, but not for ever. */
    private long sentUnlessFull(long moved) throws PosixException {
        if (moved == Channel.FULL) {
            var unused = posix.pipes().poll(List.of(Poll.forOutput(out)), PATIENCE_MILLIS);
            return 0;
        }
        sentBytes += moved;
        return moved;
    }

    private long sendZeros(long lengthBytes) throws OutputException {
        long sent = 0;
        while (sent < lengthBytes && !stop.isRequested()) {
            try {
                sent += channel == null
                        ? writeZeros(lengthBytes - sent)
                        : sentUnlessFull(channel.zeros(lengthBytes - sent));
            } catch (PosixException e) {
                throw new OutputException(e);
            }
        }
        return sent;
    }

    private long writeZeros(long lengthBytes) throws OutputException {
        int part = (int) Math.min(lengthBytes, buffer.sizeBytes());
        buffer.first(part).put(new byte[part]);
        write(buffer, part);
        return part;
    }

    private void write(NativeBuffer bytes, int lengthBytes) throws OutputException {
        try {
            for (int done = 0; done < lengthBytes && !stop.isRequested(); ) {
                int written = posix.io().writeNoWait(out, bytes, done, lengthBytes - done);
                if (written < 0) { // a socket or terminal that somebody made non-blocking
                    var unused = posix.pipes().poll(List.of(Poll.forOutput(out)), PATIENCE_MILLIS);
                } else {
                    done += written;
                    sentBytes += written;
                }
            }
        } catch (PosixException e) {
            throw new OutputException(e);
        }
    }

    /** How much of the stream is no longer in the pipe. */
    private long takenBytes() throws PosixException {
        boolean waiting = inPipe.stream().anyMatch(sent -> sent.endBytes() > 0);
        return waiting ? sentBytes - posix.pipes().pendingBytes(out) : sentBytes;
    }

    /** Closes the files whose pages have left the pipe, which lets go of what was cold in them. */
    private void letGo(long takenBytes) throws PosixException {
        PosixException failure = null;
        Sent sent = inPipe.peek();
        while (sent != null && sent.endBytes() <= takenBytes) {
            inPipe.remove();
            try (var file = sent.file();
                    var window = sent.window()) {
                window.close();
                effect = effect.plus(window.effect());
            } catch (PosixException e) {
                failure = Failures.join(failure, e);
            }
            sent = inPipe.peek();
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Waits, a while, for the reader to take the last pages that are to be let go. */
    private void drain() throws PosixException {
        long deadline = System.nanoTime() + DRAIN_MILLIS * 1_000_000L;
        var reader = Poll.forHangUp(out);
        letGo(takenBytes());
        while (!inPipe.isEmpty() && !reader.isHungUp() && System.nanoTime() < deadline && !stop.isRequested()) {
            var unused = posix.pipes().poll(List.of(reader), 1); // which cannot wait for the end of what is in a pipe
            letGo(takenBytes());
        }
    }

    /** What all the sending did to the page cache; complete after {@link #close()}. */
    public CacheEffect effect() {
        return effect;
    }

    /** Ends the sending: waits a little for what is in the pipe, and leaves the page cache as it was. */
    @Override
    public void close() throws PosixException {
        try (buffer) {
            drain();
        } finally {
            letGo(Long.MAX_VALUE);
        }
    }
}
