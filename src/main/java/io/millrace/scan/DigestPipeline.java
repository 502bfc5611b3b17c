// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.millrace.catalog.record.BlockSums;
import io.millrace.files.Zeros;
import io.millrace.pagecache.Chunk;
import io.millrace.pagecache.Window;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.digest.Digest;
import io.millrace.scan.observe.BlockSummer;
import io.millrace.scan.throttle.ReadGate;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Computes all digests of one file with any number of threads, each of which brings its own buffer. A chunk is read
 * once for all digests, and each digest processes the chunks in order. Stored chunks are read one after the other,
 * because the kernel's readahead state is per open file; resident chunks are read in parallel.
 *
 * <p>If all digests are faster than reading, each thread digests the chunk that it has read, from its core's own cache,
 * and {@link DigestTurns} keeps the order. Otherwise {@link ChunkSchedule} assigns the steps, so that one thread
 * computes a slow digest while another reads ahead for it, and several digests run in parallel.
 *
 * <p>The thread that owns the file creates it; the window's owner closes the window.
 */
final class DigestPipeline {
    /**
     * Small enough to be digested from the cache of the core that read it, and large enough that the lock costs little.
     */
    private static final int RESIDENT_BYTES = 256 << 10;

    private final Window window;
    private final Window.Cursor cursor;
    private final List<Digest> digests;

    /** Null unless the scan observes. */
    private final @Nullable BlockSummer summer;

    private final ChunkSchedule schedule;
    private final DigestTurns turns = new DigestTurns();
    private final boolean isByReaders;
    private final Object claims = new Object();

    /** Number of chunks claimed by threads that digest what they read. */
    @GuardedBy("claims") private long claimed;

    private final ReadGate gate;
    private final ScanProgress progress;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final AtomicLong doneBytes = new AtomicLong();

    DigestPipeline(Window window, List<Digest> digests, ReadGate gate, ScanProgress progress) {
        this.window = window;
        this.cursor = window.join();
        this.schedule = new ChunkSchedule(cursor, digests, RESIDENT_BYTES, progress::isStopping);
        this.digests = digests;
        Digest last = digests.isEmpty() ? null : digests.get(digests.size() - 1);
        this.summer = last instanceof BlockSummer sums ? sums : null;
        this.isByReaders = digests.stream().allMatch(Digest::isFasterThanReading);
        this.gate = gate;
        this.progress = progress;
    }

    /**
     * Reads and digests chunks until the file is complete, has failed, or the scan stops. Each thread calls this with
     * its own buffer.
     */
    void digestShare(NativeBuffer buffer) throws InterruptedException {
        if (isByReaders) {
            digestOwnReads(buffer);
        } else {
            passAround(buffer);
        }
    }

    private void digestOwnReads(NativeBuffer buffer) throws InterruptedException {
        try {
            boolean goesOn = true;
            while (goesOn) {
                goesOn = digestNext(buffer);
            }
        } catch (IOException | RuntimeException e) {
            fail(e);
        } catch (InterruptedException | Error e) {
            fail(e);
            throw e;
        }
    }

    /** Claims one chunk, reads it and updates all digests with it; returns false if there is no further chunk. */
    private boolean digestNext(NativeBuffer buffer) throws IOException, InterruptedException {
        Chunk chunk;
        long number;
        synchronized (claims) {
            if (failure.get() != null || progress.isStopping()) {
                return false;
            }
            chunk = cursor.next(Math.min(RESIDENT_BYTES, buffer.sizeBytes()));
            if (chunk == null) {
                return false;
            }
            number = claimed++;
            if (chunk.kind() == Chunk.Kind.STORED) {
                read(chunk, buffer); // before another thread claims the next chunk
            }
        }
        if (chunk.kind() == Chunk.Kind.RESIDENT) {
            read(chunk, buffer);
        }
        if (!turns.await(number)) {
            return false;
        }
        for (Digest digest : digests) {
            digest(digest, chunk, buffer);
        }
        turns.end(number);
        passed(chunk);
        return true;
    }

    private void passAround(NativeBuffer buffer) throws InterruptedException {
        BufferSlots own = schedule.enter(buffer);
        ChunkSchedule.Step unfinished = null;
        try {
            ChunkSchedule.Step step = schedule.next(null, own);
            while (step != null) {
                unfinished = step;
                run(step);
                unfinished = null;
                step = schedule.next(step, own);
            }
        } catch (IOException | RuntimeException e) {
            fail(e);
        } catch (InterruptedException | Error e) {
            fail(e);
            throw e;
        } finally {
            schedule.leave(own, unfinished);
        }
    }

    private void run(ChunkSchedule.Step step) throws IOException, InterruptedException {
        if (step instanceof ChunkSchedule.Stage stage) {
            ChunkSchedule.Held held = stage.held();
            digest(stage.digest, held.chunk, held.buffer());
            if (held.stagesLeft.decrementAndGet() == 0) {
                passed(held.chunk);
            }
        } else if (step instanceof ChunkSchedule.Held held) {
            if (held.buffer() != null) {
                read(held.chunk, held.buffer());
            }
        } else if (step instanceof ChunkSchedule.Claim claim) {
            claim.chunk = cursor.next(claim.residentBytes);
        }
    }

    private void read(Chunk chunk, NativeBuffer buffer) throws IOException, InterruptedException {
        gate.take(chunk.leadBytes(), progress::isWaitOver); // without lead bytes another consumer was charged
        int count;
        try {
            long start = System.nanoTime();
            count = window.read(chunk, buffer);
            if (chunk.kind() == Chunk.Kind.STORED) {
                gate.wasRead(count, System.nanoTime() - start);
            }
        } finally {
            gate.leave();
        }
        if (count < chunk.range().lengthBytes()) {
            throw new EOFException("ends at byte " + (chunk.range().offsetBytes() + count));
        }
    }

    /** {@code buffer}: the bytes of the chunk; null if the chunk is a hole. */
    private void digest(Digest digest, Chunk chunk, @Nullable NativeBuffer buffer) {
        if (digest == summer) {
            noteOrigin(summer, chunk);
        }
        long left = chunk.range().lengthBytes();
        if (chunk.kind() != Chunk.Kind.HOLE) {
            digest.update(Objects.requireNonNull(buffer), 0, (int) left);
            return;
        }
        while (left > 0) {
            int length = (int) Math.min(left, Zeros.BUFFER.sizeBytes());
            digest.update(Zeros.BUFFER, 0, length);
            left -= length;
        }
    }

    private void noteOrigin(BlockSummer sums, Chunk chunk) {
        ByteRange range = chunk.range();
        if (chunk.kind() == Chunk.Kind.HOLE || window.wasCold(range)) {
            return;
        }
        for (long at = range.offsetBytes(); at < range.endBytes(); ) {
            long end = Math.min(ByteRange.endOfUnit(at, BlockSums.BLOCK_BYTES), range.endBytes());
            var part = ByteRange.between(at, end);
            if (!window.wasCold(part)) {
                sums.cameFromCache(part);
            }
            at = end;
        }
    }

    /** Called when all digests have processed this chunk and all chunks before it. */
    private void passed(Chunk chunk) throws PosixException {
        doneBytes.addAndGet(chunk.range().lengthBytes());
        cursor.done(chunk.range().endBytes());
    }

    /** Ends the pipeline for all threads after a failure in the pipeline or in another consumer. */
    void fail(Throwable e) {
        failure.compareAndSet(null, e);
        schedule.fail();
        turns.fail();
        try {
            cursor.leave(); // a thread may wait for progress in the window that will never come
        } catch (PosixException another) {
            e.addSuppressed(another);
        }
    }

    /** Returns why the file was not read completely; null if it was. Valid after the last thread has left. */
    @Nullable Throwable failure() {
        return failure.get();
    }

    /** Returns how many bytes all digests have processed. */
    long doneBytes() {
        return doneBytes.get();
    }
}
