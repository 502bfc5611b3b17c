// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.pagecache.Chunk;
import io.millrace.pagecache.Window;
import io.millrace.posix.NativeBuffer;
import io.millrace.posix.PosixException;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One file's bytes on their way past its digests, by any number of hands.
 *
 * <p>A hand is a thread with a buffer. It claims the next chunk, reads it, and takes it past each digest when the
 * digest has seen the chunk before; meanwhile other hands read. So a chunk is read once for all digests and is digested
 * on the core that read it, while its bytes are in that core's cache. Stored chunks are read one after the other, for
 * the kernel's readahead is per open file; resident ones side by side.
 */
final class Relay {
    /** Small enough to be digested out of a core's own caches, and large enough that taking turns costs little. */
    private static final int RESIDENT_BYTES = 1 << 20;

    private final Window window;
    private final Window.Cursor cursor;
    private final List<Digest> digests;
    private final List<Turn> turns = new ArrayList<>();
    private final Turn completion = new Turn();
    private final Pace pace;
    private final ScanProgress progress;
    private final ReentrantLock reading = new ReentrantLock();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final AtomicLong doneBytes = new AtomicLong();
    private long claims;

    Relay(Window window, List<Digest> digests, Pace pace, ScanProgress progress) {
        this.window = window;
        this.cursor = window.join();
        this.digests = digests;
        this.pace = pace;
        this.progress = progress;
        for (int i = 0; i < digests.size(); i++) {
            turns.add(new Turn());
        }
    }

    /** A chunk in a hand, and its place in the order. */
    private record Held(Chunk chunk, long number) {}

    /** Works until the file is done, has failed, or the scan stops. Called by each hand with a buffer of its own. */
    void lendHand(NativeBuffer buffer) throws InterruptedException {
        try {
            Held held = take(buffer);
            while (held != null && pass(held, buffer)) {
                held = take(buffer);
            }
        } catch (IOException | RuntimeException e) {
            fail(e);
        } catch (InterruptedException | Error e) {
            fail(e);
            throw e;
        }
    }

    /** Claims a chunk and reads it; null where there is no more to do. */
    private @Nullable Held take(NativeBuffer buffer) throws IOException, InterruptedException {
        Held held;
        reading.lockInterruptibly();
        try {
            Chunk chunk = failure.get() != null || progress.isStopping()
                    ? null
                    : cursor.next(Math.min(RESIDENT_BYTES, buffer.sizeBytes()));
            if (chunk == null) {
                return null;
            }
            held = new Held(chunk, claims++);
            if (chunk.kind() == Chunk.Kind.STORED) {
                read(chunk, buffer);
            }
        } finally {
            reading.unlock();
        }
        if (held.chunk().kind() == Chunk.Kind.RESIDENT) {
            read(held.chunk(), buffer);
        }
        return held;
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

    /** Takes a chunk past the digests, in order; false where another hand has failed. */
    private boolean pass(Held held, NativeBuffer buffer) throws PosixException, InterruptedException {
        for (int i = 0; i < digests.size(); i++) {
            Turn turn = turns.get(i);
            if (!turn.await(held.number())) {
                return false;
            }
            digest(digests.get(i), held.chunk(), buffer);
            turn.pass();
        }
        if (!completion.await(held.number())) {
            return false;
        }
        cursor.done(held.chunk().range().endBytes());
        completion.pass();
        doneBytes.addAndGet(held.chunk().range().lengthBytes());
        return true;
    }

    private static void digest(Digest digest, Chunk chunk, NativeBuffer buffer) {
        long left = chunk.range().lengthBytes();
        if (chunk.kind() != Chunk.Kind.HOLE) {
            digest.update(buffer, 0, (int) left);
            return;
        }
        while (left > 0) {
            int length = (int) Math.min(left, Zeros.BUFFER.sizeBytes());
            digest.update(Zeros.BUFFER, 0, length);
            left -= length;
        }
    }

    /** Ends the relay for all hands: something failed that was not theirs, or was. */
    void fail(Throwable e) {
        failure.compareAndSet(null, e);
        turns.forEach(Turn::cancel);
        completion.cancel();
        try {
            cursor.leave(); // a hand may wait at the window's front for what will never be done
        } catch (PosixException another) {
            e.addSuppressed(another);
        }
    }

    /** Why not all was read, after the last hand has left; null where all was. */
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
