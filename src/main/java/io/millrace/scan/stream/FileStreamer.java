// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.stream;

import io.millrace.lifecycle.CancellationToken;
import io.millrace.lifecycle.Failures;
import io.millrace.pagecache.CacheEffect;
import io.millrace.pagecache.Chunk;
import io.millrace.pagecache.MountTraitsCache;
import io.millrace.pagecache.PeakGauge;
import io.millrace.pagecache.ReadPlan;
import io.millrace.pagecache.Window;
import io.millrace.posix.Poll;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.ScanOptions;
import io.millrace.scan.ScanProgress;
import io.millrace.scan.throttle.RateLimiter;
import io.millrace.scan.walk.OpenedFile;
import io.millrace.scan.walk.StandardInput;
import io.millrace.scan.walk.WalkEntry;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/**
 * Sends the bytes of files and of standard input to a descriptor and leaves the page cache as it was. Pages are moved
 * into a pipe by splice(2); to any other descriptor the bytes are copied. Belongs to one thread, which closes it; the
 * caller keeps ownership of the descriptor.
 */
public final class FileStreamer implements AutoCloseable {
    /**
     * Maximum time to wait for the reader to drain the pipe; pages that are still in the pipe stay in the page cache.
     */
    private static final int DRAIN_MILLIS = 1000;

    /**
     * A file that was sent, and stays open until its cold pages have left the pipe.
     *
     * @param endBytes end offset of its last spliced cold page in the stream of all files; 0 if there is none
     */
    private record Sent(OpenedFile file, Window window, long endBytes) {}

    private final Posix posix;
    private final OwnedFd out;
    private final ReadPlan.Wish wish;
    private final CancellationToken stop;
    private final MountTraitsCache mounts;
    private final NativeBuffer buffer = NativeBuffer.allocate(ScanOptions.DEFAULT_READ_BYTES);
    private final ScanProgress progress;
    private final StreamOutput output;
    private final Queue<Sent> inPipe = new ArrayDeque<>();
    private long coldEndBytes;
    private CacheEffect effect = CacheEffect.NONE;

    /**
     * {@code wish}: its {@code needsPages} is ignored, because it follows from the type of {@code out}.
     * {@code limiter}: limits the bytes that are sent, holes included.
     */
    public FileStreamer(Posix posix, OwnedFd out, ReadPlan.Wish wish, RateLimiter limiter, CancellationToken stop)
            throws PosixException {
        this.posix = posix;
        this.out = out;
        this.stop = stop;
        this.mounts = new MountTraitsCache(posix);
        this.progress = new ScanProgress(stop);
        this.output = new StreamOutput(posix, out, limiter, progress::addBytes, stop);
        this.wish = new ReadPlan.Wish(wish.policy(), wish.forced(), wish.fallback(), output.isPipe());
    }

    /** Returns the number of bytes sent and of files finished. */
    public ScanProgress progress() {
        return progress;
    }

    /**
     * Sends a range of a file, or the part of the range that exists. Ends early, without an error, if a stop is
     * requested.
     *
     * @return bytes sent
     * @throws OutputException if the output could not be written
     * @throws IOException whose message says in one line what else failed
     */
    public long send(BytePath path, Optional<ByteRange> range) throws IOException, InterruptedException {
        try {
            var found = new WalkEntry(0, path, null, new byte[0], null);
            var file = OpenedFile.open(posix, mounts, found, stop::isRequested);
            return send(file, clip(range.orElse(file.content()), file.content()), path);
        } finally {
            progress.addFiles(1);
        }
    }

    /**
     * Like {@link #send(BytePath, Optional)} for descriptor 0, with a range relative to its current offset. A regular
     * file is read cache-neutrally, and its offset is moved to the end of what was sent. A stream is read to its end
     * and forwarded.
     */
    public long sendStandardInput(Optional<ByteRange> range) throws IOException, InterruptedException {
        ByteRange wanted = range.orElse(ByteRange.between(0, Long.MAX_VALUE));
        try {
            var in = StandardInput.open(posix, mounts);
            if (in.stored().isEmpty()) {
                return new StreamRelay(posix, in, output, buffer, stop).run(wanted);
            }
            ByteRange part = in.within(wanted);
            if (part.lengthBytes() == 0) {
                return 0;
            }
            long sent = send(in.stored().get(), part, in.fd().subject());
            in.moveTo(part.offsetBytes() + sent);
            return sent;
        } finally {
            progress.addFiles(1);
        }
    }

    private long send(OpenedFile file, ByteRange range, Object name) throws IOException, InterruptedException {
        Window window;
        try {
            window = open(file, range, ReadPlan.choose(posix, file.traits(), file.fd(), wish));
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
        long before = output.sentBytes();
        coldEndBytes = 0;
        try {
            pump(window, file.fd(), name);
            return output.sentBytes() - before;
        } finally {
            inPipe.add(new Sent(file, window, coldEndBytes));
            letGo(takenBytes());
        }
    }

    private Window open(OpenedFile file, ByteRange range, ReadPlan plan) throws PosixException {
        return new Window(
                posix,
                file.traits(),
                plan,
                file.fd(),
                file.status(),
                range,
                ScanOptions.DEFAULT_READ_BYTES,
                new PeakGauge());
    }

    private static ByteRange clip(ByteRange part, ByteRange content) {
        long start = Math.min(part.offsetBytes(), content.endBytes());
        return ByteRange.between(start, Math.min(part.endBytes(), content.endBytes()));
    }

    private void pump(Window window, OwnedFd file, Object name) throws IOException, InterruptedException {
        var cursor = window.join();
        boolean splices = window.holdsPages() && output.isPipe();
        Chunk chunk = cursor.next(buffer.sizeBytes());
        while (chunk != null && !stop.isRequested()) {
            ByteRange range = chunk.range();
            long count = StreamOutput.CANNOT_SPLICE;
            if (chunk.kind() == Chunk.Kind.HOLE) {
                count = output.sendZeros(range.lengthBytes(), buffer);
            } else if (splices) {
                count = splice(window, chunk, file);
                splices = count != StreamOutput.CANNOT_SPLICE;
            }
            if (count == StreamOutput.CANNOT_SPLICE) {
                count = window.read(chunk, buffer);
                int unused = output.send(buffer, (int) count);
            }
            if (count < range.lengthBytes() && !stop.isRequested()) {
                throw new EOFException(
                        name + ": shrank while it was read: ends at byte " + (range.offsetBytes() + count));
            }
            // Pages in the pipe cannot be dropped, so bytes that may still be in it count as in use.
            cursor.done(range.endBytes(), output.pipeBytes());
            chunk = cursor.next(buffer.sizeBytes());
        }
    }

    /** Moves a chunk into the pipe; returns fewer bytes if the file has shrunk or a stop is requested. */
    private long splice(Window window, Chunk chunk, OwnedFd file) throws IOException, InterruptedException {
        long start = chunk.range().offsetBytes();
        long at = start;
        long moved = -1;
        while (at < chunk.range().endBytes() && moved != 0) {
            moved = output.splice(file, ByteRange.between(at, chunk.range().endBytes()));
            if (moved == StreamOutput.CANNOT_SPLICE) {
                if (at == start) {
                    return StreamOutput.CANNOT_SPLICE;
                }
                throw new PosixException("splice", Errno.EINVAL, file, chunk.range());
            }
            at += moved;
        }
        boolean cold = window.taken(chunk, start, at);
        coldEndBytes = cold ? output.sentBytes() : coldEndBytes;
        return at - start;
    }

    /** Returns how many bytes of the stream the reader has taken from the pipe. */
    private long takenBytes() throws PosixException {
        boolean waiting = inPipe.stream().anyMatch(sent -> sent.endBytes() > 0);
        return waiting ? output.sentBytes() - output.pendingBytes() : output.sentBytes();
    }

    /** Closes the files whose pages have left the pipe, which drops their cold pages. */
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

    /** Waits, for a limited time, until the reader has taken the last pages that are to be dropped. */
    private void drain() throws PosixException {
        long deadline = System.nanoTime() + DRAIN_MILLIS * 1_000_000L;
        var reader = Poll.forHangUp(out);
        letGo(takenBytes());
        while (!inPipe.isEmpty() && !reader.isHungUp() && System.nanoTime() < deadline && !stop.isRequested()) {
            var unused = posix.pipes().poll(List.of(reader), 1); // poll(2) cannot wait for an empty pipe
            letGo(takenBytes());
        }
    }

    /** Returns the effect on the page cache; complete after {@link #close()}. */
    public CacheEffect effect() {
        return effect;
    }

    /** Waits for a short time until the pipe is drained, drops the pages that were cold, and closes all files. */
    @Override
    public void close() throws PosixException {
        try (buffer) {
            drain();
        } finally {
            letGo(Long.MAX_VALUE);
        }
    }
}
