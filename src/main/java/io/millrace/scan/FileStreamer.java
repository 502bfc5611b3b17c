// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.lifecycle.StopSignal;
import io.millrace.pagecache.CacheEffect;
import io.millrace.pagecache.CacheGauge;
import io.millrace.pagecache.Chunk;
import io.millrace.pagecache.Mounts;
import io.millrace.pagecache.ReadPlan;
import io.millrace.pagecache.ReadStrategy;
import io.millrace.pagecache.Window;
import io.millrace.posix.BytePath;
import io.millrace.posix.ByteRange;
import io.millrace.posix.Errno;
import io.millrace.posix.NativeBuffer;
import io.millrace.posix.OwnedFd;
import io.millrace.posix.Poll;
import io.millrace.posix.Posix;
import io.millrace.posix.PosixException;
import io.millrace.posix.SpliceFlag;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Sends the bytes of files to a descriptor, and leaves the page cache as it was. Into a pipe go pages (splice(2)), to
 * anything else copies. One thread; the descriptor stays the caller's.
 */
public final class FileStreamer implements AutoCloseable {
    private static final int PIPE_BYTES = 1 << 20;
    private static final long CANNOT_SPLICE = -1;
    private static final Set<SpliceFlag> NONBLOCK = Set.of(SpliceFlag.NONBLOCK);

    /** How soon a request to stop is heard while nobody takes from the pipe. */
    private static final int PATIENCE_MILLIS = 100;

    /** How long the last pages in a pipe are waited for; whoever does not read them keeps them in the page cache. */
    private static final int DRAIN_MILLIS = 1000;

    private final Posix posix;
    private final OwnedFd out;
    private final ReadPlan.Wish wish;
    private final StopSignal stop;
    private final Mounts mounts;
    private final NativeBuffer buffer = NativeBuffer.allocate(ScanOptions.DEFAULT_READ_BYTES);
    /** Never written, so that its pages may sit in a pipe as often as needed. */
    private final NativeBuffer zeros = NativeBuffer.allocate(256 << 10);

    private final boolean splicing;
    private CacheEffect effect = CacheEffect.NONE;

    /** {@code wish}: whether pages are needed is found out here. */
    public FileStreamer(Posix posix, OwnedFd out, ReadPlan.Wish wish, StopSignal stop) {
        this.posix = posix;
        this.out = out;
        this.stop = stop;
        this.mounts = new Mounts(posix);
        this.splicing = posix.pipes().isPipe(out);
        zeros.first(zeros.sizeBytes()).put(new byte[zeros.sizeBytes()]);
        this.wish = new ReadPlan.Wish(wish.policy(), wish.forced(), wish.fallback(), splicing);
        if (splicing) {
            widenPipe();
        }
    }

    private void widenPipe() {
        try {
            var unused = posix.pipes().setCapacityBytes(out, PIPE_BYTES);
        } catch (PosixException e) {
            // EPERM, EBUSY: the pipe does as it is, with more calls
        }
    }

    /**
     * Sends a range of a file, or what there is of it; ends early, without an error, if a stop is requested.
     *
     * @return bytes sent
     * @throws IOException one line on what failed; EPIPE where nobody reads
     */
    public long send(BytePath path, Optional<ByteRange> range) throws IOException, InterruptedException {
        try (var file = OpenedFile.open(posix, mounts, new Found(0, path, null, new byte[0], null))) {
            ByteRange wanted = range.map(part -> clip(part, file.content())).orElse(file.content());
            var plan = ReadPlan.choose(posix, file.traits(), file.fd(), file.status(), wish);
            var window = new Window(
                    posix,
                    file.traits(),
                    plan,
                    file.fd(),
                    file.status(),
                    wanted,
                    ScanOptions.DEFAULT_READ_BYTES,
                    new CacheGauge());
            try (window) {
                long sent = pump(window, plan.strategy(), file.fd(), path);
                if (splicing) {
                    drain();
                }
                return sent;
            } finally {
                effect = effect.plus(window.effect());
            }
        }
    }

    private static ByteRange clip(ByteRange part, ByteRange content) {
        long start = Math.min(part.offsetBytes(), content.endBytes());
        return ByteRange.between(start, Math.min(part.endBytes(), content.endBytes()));
    }

    private long pump(Window window, ReadStrategy strategy, OwnedFd file, BytePath path)
            throws IOException, InterruptedException {
        var cursor = window.join();
        boolean splices = splicing;
        long sent = 0;
        Chunk chunk = cursor.next(buffer.sizeBytes());
        while (chunk != null && !stop.isRequested()) {
            ByteRange range = chunk.range();
            long count = CANNOT_SPLICE;
            if (chunk.kind() == Chunk.Kind.HOLE) {
                count = sendZeros(range.lengthBytes());
            } else if (splices) {
                count = splice(file, range);
            }
            if (count == CANNOT_SPLICE) {
                splices = false;
                count = window.read(chunk, buffer);
                posix.io().write(out, buffer, (int) count);
            } else if (chunk.kind() != Chunk.Kind.HOLE) {
                window.passed(strategy, count, range.offsetBytes() + count);
            }
            sent += count;
            if (count < range.lengthBytes() && !stop.isRequested()) {
                throw new EOFException(
                        path + ": shrank while it was read: ends at byte " + (range.offsetBytes() + count));
            }
            // Pages in the pipe cannot be dropped, so what may be in it still counts as in use.
            cursor.done(range.endBytes() - (splicing ? PIPE_BYTES : 0));
            chunk = cursor.next(buffer.sizeBytes());
        }
        return sent;
    }

    /** Moves a range into the pipe; less where the file has shrunk or a stop is requested. */
    private long splice(OwnedFd file, ByteRange range) throws PosixException {
        long at = range.offsetBytes();
        boolean ended = false;
        while (at < range.endBytes() && !ended && !stop.isRequested()) {
            var rest = ByteRange.between(at, range.endBytes());
            try {
                long moved = whenThereIsRoom(() -> posix.pipes().spliceFromFile(file, rest, out, NONBLOCK));
                at += Math.max(0, moved);
                ended = moved == 0;
            } catch (PosixException e) {
                if (!e.is(Errno.EINVAL) || at > range.offsetBytes()) {
                    throw e;
                }
                return CANNOT_SPLICE; // not every file system can
            }
        }
        return at - range.offsetBytes();
    }

    private long sendZeros(long lengthBytes) throws PosixException {
        long sent = 0;
        while (sent < lengthBytes && !stop.isRequested()) {
            int part = (int) Math.min(lengthBytes - sent, zeros.sizeBytes());
            if (splicing) {
                sent += Math.max(0, whenThereIsRoom(() -> posix.pipes().vmsplice(zeros, part, out, NONBLOCK)));
            } else {
                posix.io().write(out, zeros, part);
                sent += part;
            }
        }
        return sent;
    }

    /** A call that fills the pipe. */
    private interface Fill {
        long once() throws PosixException;
    }

    /** What the call moved; -1 where the pipe was full, after waiting for room, but not for ever. */
    private long whenThereIsRoom(Fill fill) throws PosixException {
        try {
            return fill.once();
        } catch (PosixException e) {
            if (!e.is(Errno.EAGAIN)) {
                throw e;
            }
            var unused = posix.pipes().poll(List.of(Poll.forOutput(out)), PATIENCE_MILLIS);
            return -1;
        }
    }

    /** Waits for the reader to take what is left, so that its pages can be let go. */
    private void drain() throws PosixException, InterruptedException {
        long deadline = System.nanoTime() + DRAIN_MILLIS * 1_000_000L;
        while (posix.pipes().pendingBytes(out) > 0 && System.nanoTime() < deadline && !stop.isRequested()) {
            Thread.sleep(1); // poll(2) can wait for room in a pipe, but not for its end
        }
    }

    /** What all the sending did to the page cache. */
    public CacheEffect effect() {
        return effect;
    }

    @Override
    public void close() {
        buffer.close();
        zeros.close();
    }
}
