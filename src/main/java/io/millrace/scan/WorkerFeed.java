// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.files.PipeWriter;
import io.millrace.pagecache.Chunk;
import io.millrace.pagecache.Window;
import io.millrace.posix.Poll;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.throttle.ReadGate;
import io.millrace.worker.Delivery;
import io.millrace.worker.SlowPolicy;
import io.millrace.worker.WorkerOutcome;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Feeds a file to one worker: holds the worker's cursor in the window and the delivery to its process. Belongs to one
 * thread, which closes it.
 */
final class WorkerFeed implements AutoCloseable {
    /** Files up to this size are copied: one write costs less than a splice and the writes around it. */
    static final int SMALL_BYTES = 64 << 10;

    private static final int RESIDENT_BYTES = 1 << 20;

    /** Maximum lag behind the fastest consumer for a worker with policy {@link SlowPolicy#DETACH}. */
    private static final long MAX_LAG_NANOS = 1_000_000_000;

    private final OwnedFd file;
    private final Window window;
    private final Window.Cursor cursor;
    private final Delivery delivery;
    private final ReadGate gate;
    private final int readBytes;
    private final boolean isSmall;
    private long startNanos = System.nanoTime();
    private long pushedNanos = startNanos;
    private boolean wantsRoom;
    private boolean splices;
    private @Nullable Chunk chunk;
    private long at;
    private boolean hasLeft;

    /** Bytes from {@link #at} to {@link #copiedTo} that were read but not yet written, if pages cannot be spliced. */
    private @Nullable NativeBuffer copy;

    private long copyStart;
    private long copiedTo;

    WorkerFeed(OwnedFd file, Window window, Delivery delivery, ReadGate gate, int readBytes, boolean isSmall) {
        this.file = file;
        this.window = window;
        this.cursor = window.join();
        this.delivery = delivery;
        this.gate = gate;
        this.readBytes = readBytes;
        this.isSmall = isSmall;
        this.splices = window.holdsPages();
    }

    Delivery delivery() {
        return delivery;
    }

    /** Starts the worker's clock now, so that earlier waits for the process and the window do not count. */
    void start() {
        startNanos = System.nanoTime();
        pushedNanos = startNanos;
        delivery.start();
    }

    /**
     * Moves as many bytes as possible without waiting for the pipe or another consumer.
     *
     * @param shared scratch buffer whose content may be overwritten
     */
    void push(NativeBuffer shared) throws IOException {
        wantsRoom = false;
        if (!gate.tryEnter()) {
            held();
            return;
        }
        try {
            move(shared);
        } finally {
            gate.leave();
            pushedNanos = System.nanoTime();
        }
    }

    /** Excludes the time during which the scan is held from the worker's time. */
    private void held() {
        long now = System.nanoTime();
        if (delivery.isStreaming()) {
            delivery.excuse(now - pushedNanos);
        }
        startNanos = now;
        pushedNanos = now;
    }

    private void move(NativeBuffer shared) throws IOException {
        while (delivery.isStreaming() && !gate.isHeld()) {
            Chunk current = claim();
            if (current == null) {
                if (cursor.isAtEnd()) {
                    end();
                } else {
                    delivery.starved();
                }
                return;
            }
            long moved = move(current, shared);
            if (moved == PipeWriter.FULL) {
                wantsRoom = true;
                return;
            }
            at += moved;
            if (at == current.range().endBytes()) {
                chunk = null;
            }
            // Pages in the pipe cannot be dropped, so bytes that may still be in it count as in use.
            cursor.done(at, delivery.pipeBytes());
            if (isFull(current)) {
                wantsRoom = true;
                return;
            }
        }
    }

    /**
     * Holes were not read, and truncation clears pages that are in the pipe, so only now is it certain that no byte was
     * missing.
     */
    private void end() throws IOException {
        OptionalLong cut = window.cutAt();
        if (cut.isPresent()) {
            throw new EOFException("ends at byte " + cut.getAsLong());
        }
        delivery.end();
    }

    /** Adds the descriptors to poll before the next push. */
    void addTo(List<Poll> polls) {
        delivery.addTo(polls, wantsRoom && delivery.isStreaming());
    }

    /** Returns the current chunk or claims the next one; null if none is available now. */
    private @Nullable Chunk claim() throws PosixException {
        if (chunk == null && (cursor.isBehind() || gate.isFree())) { // the consumers ahead were charged for these bytes
            chunk = cursor.tryNext(Math.min(RESIDENT_BYTES, readBytes));
            if (chunk != null) {
                gate.charge(chunk.kind() == Chunk.Kind.HOLE ? 0 : chunk.leadBytes());
                at = chunk.range().offsetBytes();
            }
        }
        return chunk;
    }

    private long move(Chunk current, NativeBuffer shared) throws IOException {
        ByteRange rest = ByteRange.between(at, current.range().endBytes());
        if (current.kind() == Chunk.Kind.HOLE) {
            return delivery.zeros(rest.lengthBytes());
        }
        if (isSmall) {
            return stage(current, shared);
        }
        return splices ? splice(current, rest) : copy(current);
    }

    /** Writes a small file as a copy, together with the protocol bytes around it. */
    private long stage(Chunk current, NativeBuffer shared) throws IOException {
        int count = read(current, shared);
        delivery.stage(shared.first(count));
        return count;
    }

    private int read(Chunk current, NativeBuffer buffer) throws IOException {
        long start = System.nanoTime();
        int count = window.read(current, buffer);
        timed(current, count, start);
        if (count < current.range().lengthBytes()) {
            throw new EOFException("ends at byte " + (current.range().offsetBytes() + count));
        }
        return count;
    }

    private long splice(Chunk current, ByteRange rest) throws IOException {
        long moved;
        long start = System.nanoTime();
        try {
            moved = delivery.splice(file, rest);
        } catch (PosixException e) {
            if (!PipeWriter.mustCopy(e)) {
                throw e;
            }
            splices = false; // not every file system supports splice
            return copy(current);
        }
        if (moved == 0) {
            throw new EOFException("ends at byte " + at);
        }
        if (moved != PipeWriter.FULL) {
            timed(current, moved, start);
            var unused = window.taken(current, at, at + moved);
        }
        return moved;
    }

    /** Measures only reads from the device, not bytes that another consumer has brought into the page cache. */
    private void timed(Chunk current, long bytes, long startNanos) {
        if (current.kind() == Chunk.Kind.STORED && current.leadBytes() > 0) {
            gate.wasRead(bytes, System.nanoTime() - startNanos);
        }
    }

    private long copy(Chunk current) throws IOException {
        if (copy == null) {
            copy = NativeBuffer.allocate(readBytes);
        }
        if (at >= copiedTo) {
            copyStart = current.range().offsetBytes();
            copiedTo = copyStart + read(current, copy);
        }
        return delivery.copy(copy, (int) (at - copyStart), (int) (copiedTo - at));
    }

    /** Whether pages of a chunk have filled the pipe. The few pages that were read since are not worth another call. */
    private boolean isFull(Chunk current) {
        return splices && !isSmall && current.kind() != Chunk.Kind.HOLE && delivery.isFull();
    }

    /** Whether bytes were left for a pipe that was full at the last push. */
    boolean isFull() {
        return wantsRoom && delivery.isStreaming();
    }

    /** Whether the feed waits only for room in the pipe or for another consumer. */
    boolean mayPause() {
        return delivery.outcome().isPresent() || delivery.isStreaming() && !delivery.hasJustSpoken();
    }

    /** Whether the feed waits for the worker. */
    boolean awaitsWorker() {
        return wantsRoom || !delivery.isStreaming();
    }

    /** Processes the result of the poll, and leaves the window once the bytes are no longer needed. */
    void happened() throws PosixException {
        delivery.happened();
        if (delivery.spec().slow() == SlowPolicy.DETACH && delivery.isStreaming() && isTooSlow()) {
            delivery.end(WorkerOutcome.Kind.DETACHED, "fell more than a second behind the other consumers");
        }
        if (delivery.isEndingOrOver()) {
            leave();
        }
    }

    private boolean isTooSlow() {
        long now = System.nanoTime();
        return wantsRoom && now - startNanos > MAX_LAG_NANOS && cursor.lagNanos() > MAX_LAG_NANOS;
    }

    private void leave() throws PosixException {
        if (!hasLeft) {
            hasLeft = true;
            cursor.leave();
        }
    }

    /** Ends the delivery at once if it is not over. */
    @Override
    public void close() throws PosixException {
        try (delivery) {
            if (copy != null) {
                copy.close();
            }
        } finally {
            leave();
        }
    }
}
