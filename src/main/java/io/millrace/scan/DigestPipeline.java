// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.pagecache.Chunk;
import io.millrace.pagecache.Window;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.digest.Digest;
import io.millrace.scan.throttle.ReadGate;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One file's bytes on their way past its digests, by any number of threads with a buffer each: {@link ChunkSchedule} says
 * who does what. A chunk is read once for all digests, each of which sees the chunks in order; several digests of a file are
 * computed side by side. Stored chunks are read one after the other, for the kernel's readahead is per open file; resident
 * ones side by side.
 */
final class DigestPipeline {
    /** Small enough to be digested out of the cache of the core that read it, and large enough that the lock costs little. */
    private static final int RESIDENT_BYTES = 256 << 10;

    private final Window window;
    private final Window.Cursor cursor;
    private final ChunkSchedule schedule;
    private final boolean hasDigests;
    private final ReadGate pace;
    private final ScanProgress progress;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final AtomicLong doneBytes = new AtomicLong();

    DigestPipeline(Window window, List<Digest> digests, ReadGate pace, ScanProgress progress) {
        this.window = window;
        this.cursor = window.join();
        this.schedule = new ChunkSchedule(cursor, digests, RESIDENT_BYTES, progress::isStopping);
        this.hasDigests = !digests.isEmpty();
        this.pace = pace;
        this.progress = progress;
    }

    /** Works until the file is done, has failed, or the scan stops. Called by each thread with a buffer of its own. */
    void lendHand(NativeBuffer buffer) throws InterruptedException {
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
            digest(stage.digest, held);
            if (held.stagesLeft.decrementAndGet() == 0) {
                passed(held.chunk);
            }
        } else if (step instanceof ChunkSchedule.Held held) {
            if (held.buffer() != null) {
                read(held.chunk, held.buffer());
            }
            if (!hasDigests) {
                passed(held.chunk);
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

    private static void digest(Digest digest, ChunkSchedule.Held held) {
        long left = held.chunk.range().lengthBytes();
        if (held.buffer() != null) {
            digest.update(held.buffer(), 0, (int) left);
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
