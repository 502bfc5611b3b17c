// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.millrace.pagecache.Chunk;
import io.millrace.pagecache.Window;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.digest.Digest;
import io.millrace.scan.throttle.ReadGate;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One file's bytes on their way past its digests, by any number of threads with a buffer each. A chunk is read once for all
 * digests, each of which sees the chunks in order. Stored chunks are read one after the other, for the kernel's readahead is
 * per open file; resident ones side by side.
 *
 * <p>Where all digests are faster than reading, a thread digests what it has read itself, out of its core's own cache: {@link
 * DigestTurns} keeps the order. Else {@link ChunkSchedule} says who does what, so that one thread computes a slow digest while
 * another reads ahead for it, and several digests are computed side by side.
 */
final class DigestPipeline {
    /** Small enough to be digested out of the cache of the core that read it, and large enough that the lock costs little. */
    private static final int RESIDENT_BYTES = 256 << 10;

    private final Window window;
    private final Window.Cursor cursor;
    private final List<Digest> digests;
    private final ChunkSchedule schedule;
    private final DigestTurns turns = new DigestTurns();
    private final boolean isByReaders;
    private final Object claims = new Object();

    /** Chunks that were claimed to be digested by their readers. */
    @GuardedBy("claims") private long claimed;

    private final ReadGate pace;
    private final ScanProgress progress;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final AtomicLong doneBytes = new AtomicLong();

    DigestPipeline(Window window, List<Digest> digests, ReadGate pace, ScanProgress progress) {
        this.window = window;
        this.cursor = window.join();
        this.schedule = new ChunkSchedule(cursor, digests, RESIDENT_BYTES, progress::isStopping);
        this.digests = digests;
        this.isByReaders = digests.stream().allMatch(Digest::isFasterThanReading);
        this.pace = pace;
        this.progress = progress;
    }

    /** Works until the file is done, has failed, or the scan stops. Called by each thread with a buffer of its own. */
    void lendHand(NativeBuffer buffer) throws InterruptedException {
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

    /** Brings one chunk past all digests; false where there is none. */
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
                read(chunk, buffer); // before anybody claims what comes after it
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
        pace.take(chunk.leadBytes(), progress::isWaitOver); // without a lead somebody has paid for it
        int count;
        try {
            long start = System.nanoTime();
            count = window.read(chunk, buffer);
            if (chunk.kind() == Chunk.Kind.STORED) {
                pace.wasRead(count, System.nanoTime() - start);
            }
        } finally {
            pace.leave();
        }
        if (count < chunk.range().lengthBytes()) {
            throw new EOFException("ends at byte " + (chunk.range().offsetBytes() + count));
        }
    }

    /** {@code buffer}: what was read, which is nothing where the chunk is a hole. */
    private static void digest(Digest digest, Chunk chunk, @Nullable NativeBuffer buffer) {
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

    /** All digests have seen a chunk, and those before it. */
    private void passed(Chunk chunk) throws PosixException {
        doneBytes.addAndGet(chunk.range().lengthBytes());
        cursor.done(chunk.range().endBytes());
    }

    /** Ends the relay for all threads: something failed that was not theirs, or was. */
    void fail(Throwable e) {
        failure.compareAndSet(null, e);
        schedule.fail();
        turns.fail();
        try {
            cursor.leave(); // a thread may wait at the window's front for what will never be done
        } catch (PosixException another) {
            e.addSuppressed(another);
        }
    }

    /** Why not all was read, after the last thread has left; null where all was. */
    @Nullable Throwable failure() {
        return failure.get();
    }

    /** Bytes that have passed all digests. */
    long doneBytes() {
        return doneBytes.get();
    }

    /** What a hole reads as. */
    private static final class Zeros {
        static final NativeBuffer BUFFER = NativeBuffer.allocate(256 << 10);

        static {
            var unused = BUFFER.slice(0, BUFFER.sizeBytes()).put(new byte[BUFFER.sizeBytes()]);
        }
    }
}
