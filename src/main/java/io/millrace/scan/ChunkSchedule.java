// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.millrace.pagecache.Chunk;
import io.millrace.pagecache.Window;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.digest.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides what each thread of a {@link DigestPipeline} does next: it updates an idle digest with a chunk that has been
 * read, or else claims and reads the next chunk if one of the threads' buffers has room. A thread therefore waits only
 * if there is nothing for it to do, and a slow digest continues from chunk to chunk on the same thread. Thread-safe.
 */
final class ChunkSchedule {
    /**
     * A step that a thread runs without holding the lock. The thread reports the end of the step by its next call of
     * {@link ChunkSchedule#next}.
     */
    sealed interface Step permits Held, Stage, Claim {}

    /**
     * A chunk from its claim until all digests have processed it; the step is to read it. Mutable fields are guarded by
     * the lock.
     */
    static final class Held implements Step {
        final Chunk chunk;
        final AtomicInteger stagesLeft;
        private BufferSlots.@Nullable Place place;
        private @Nullable Held next;
        private boolean isRead;
        private int stagesEnded;

        private Held(Chunk chunk, int stages) {
            this.chunk = chunk;
            this.stagesLeft = new AtomicInteger(stages);
        }

        /** Returns the memory for the chunk's bytes until the chunk is freed; null for a hole. */
        @Nullable NativeBuffer buffer() {
            return place == null ? null : place.buffer();
        }

        private boolean isHole() {
            return chunk.kind() == Chunk.Kind.HOLE;
        }

        private boolean isOrdered() {
            return chunk.kind() == Chunk.Kind.STORED;
        }
    }

    /** A digest and its position; the step is to update it with one chunk. Mutable fields are guarded by the lock. */
    static final class Stage implements Step {
        final Digest digest;
        private @Nullable Held at;
        private boolean busy;

        private Stage(Digest digest) {
            this.digest = digest;
        }

        /** Returns the digest's next chunk. */
        Held held() {
            return Objects.requireNonNull(at);
        }

        private boolean isReady() {
            return !busy && at != null && at.isRead;
        }
    }

    /** The step of claiming the next chunk if the claim has to wait for the slowest consumer of the window. */
    static final class Claim implements Step {
        /** Preferred length of a chunk of resident bytes. */
        final int residentBytes;

        /** The claimed chunk; null at the end of the file, or if claiming failed. */
        @Nullable Chunk chunk;

        private Claim(int residentBytes) {
            this.residentBytes = residentBytes;
        }
    }

    private final Window.Cursor cursor;
    private final List<Stage> stages;
    private final int residentBytes;
    private final BooleanSupplier isStopping;

    /** Buffers of the threads that have entered. */
    @GuardedBy("this") private final List<BufferSlots> buffers = new ArrayList<>();

    /** The chunk that was claimed last. */
    @GuardedBy("this") private @Nullable Held newest;

    /** Whether a thread is claiming a chunk, or reading one that must be read in order. */
    @GuardedBy("this") private boolean claiming;

    /** Whether no further chunk will be claimed. */
    @GuardedBy("this") private boolean ended;

    @GuardedBy("this") private boolean failed;

    @GuardedBy("this") private int waiting;

    /**
     * @param residentBytes preferred length of a chunk of resident bytes, if the threads' buffers are not shorter
     * @param isStopping whether no further chunk is to be claimed
     */
    ChunkSchedule(Window.Cursor cursor, List<Digest> digests, int residentBytes, BooleanSupplier isStopping) {
        this.cursor = cursor;
        this.stages = digests.stream().map(Stage::new).toList();
        this.residentBytes = residentBytes;
        this.isStopping = isStopping;
    }

    /** Adds the calling thread's buffer, which all threads may use until it leaves. */
    synchronized BufferSlots enter(NativeBuffer buffer) {
        var slots = new BufferSlots(buffer, residentBytes);
        buffers.add(slots);
        return slots;
    }

    /**
     * Ends one step of the calling thread and waits for the next one; returns null if there is nothing more for the
     * thread to do.
     *
     * @param done the step that has succeeded; null at the first call
     */
    synchronized @Nullable Step next(@Nullable Step done, BufferSlots own) throws PosixException, InterruptedException {
        Held claimed = done == null ? null : end(done);
        while (!failed) {
            Stage stage = ready();
            if (stage != null) {
                return begin(stage);
            }
            if (claimed == null && !ended && !claiming && hasRoom(1)) {
                claimed = tryClaim(own);
                if (claimed == null && !ended) {
                    claiming = true;
                    return new Claim(own.slotBytes());
                }
            }
            if (claimed != null && place(claimed, own)) {
                return claimed;
            }
            if (ended && claimed == null && own.isFree()) {
                return null;
            }
            waiting++;
            try {
                wait();
            } finally {
                waiting--;
            }
        }
        return null;
    }

    @GuardedBy("this") private @Nullable Stage ready() {
        for (Stage stage : stages) {
            if (stage.isReady()) {
                return stage;
            }
        }
        return null;
    }

    @GuardedBy("this") private Stage begin(Stage stage) {
        stage.busy = true;
        pin(stage.held());
        if (waiting > 0 && ready() != null) {
            notifyAll(); // another thread can update another digest
        }
        return stage;
    }

    @GuardedBy("this") private boolean hasRoom(long lengthBytes) {
        for (BufferSlots slots : buffers) {
            if (slots.hasRoom(lengthBytes)) {
                return true;
            }
        }
        return false;
    }

    /** Returns the next chunk; null at the end of the file, or if claiming would have to wait. */
    @GuardedBy("this") private @Nullable Held tryClaim(BufferSlots own) throws PosixException {
        Chunk chunk = isStopping.getAsBoolean() ? null : cursor.tryNext(own.slotBytes());
        if (chunk != null) {
            return hold(chunk);
        }
        if (isStopping.getAsBoolean() || cursor.isAtEnd()) {
            finishClaims();
        }
        return null;
    }

    @GuardedBy("this") private void finishClaims() {
        ended = true;
        notifyAll();
    }

    @GuardedBy("this") private Held hold(Chunk chunk) {
        var held = new Held(chunk, stages.size());
        if (newest != null) {
            newest.next = held;
        }
        newest = held;
        for (Stage stage : stages) {
            if (stage.at == null) {
                stage.at = held;
            }
        }
        // No other chunk is claimed until this one has its memory. Otherwise later chunks could hold all memory and
        // wait for this one.
        claiming = !held.isHole();
        return held;
    }

    /** Assigns memory to a chunk if some is free, preferably in the thread's own buffer. */
    @GuardedBy("this") private boolean place(Held held, BufferSlots own) {
        if (held.isHole()) {
            return true;
        }
        long length = held.chunk.range().lengthBytes();
        BufferSlots owner = own.hasRoom(length) ? own : null;
        for (int i = 0; owner == null && i < buffers.size(); i++) {
            owner = buffers.get(i).hasRoom(length) ? buffers.get(i) : null;
        }
        if (owner == null) {
            return false;
        }
        held.place = owner.take(length);
        pin(held);
        if (!held.isOrdered()) {
            allowClaims();
        }
        return true;
    }

    /**
     * Allows other threads to claim again. It wakes them only if there is room for several chunks, because waking a
     * thread costs about as much as reading one chunk.
     */
    @GuardedBy("this") private void allowClaims() {
        claiming = false;
        wakeForRoom();
    }

    @GuardedBy("this") private void wakeForRoom() {
        if (waiting > 0 && buffers.stream().anyMatch(BufferSlots::isHalfFree)) {
            notifyAll();
        }
    }

    /** Returns a chunk that was claimed and has no memory yet; null if there is none. */
    @GuardedBy("this") private @Nullable Held end(Step step) {
        if (step instanceof Claim claim) {
            claiming = false;
            if (claim.chunk != null) {
                return hold(claim.chunk);
            }
            finishClaims();
        } else if (step instanceof Held held) {
            unpin(held);
            held.isRead = true;
            if (held.isOrdered()) {
                allowClaims();
            }
        } else if (step instanceof Stage stage) {
            Held held = stage.held();
            unpin(held);
            stage.at = held.next;
            stage.busy = false;
            held.stagesEnded++;
            if (held.stagesEnded == stages.size()) {
                free(held);
            }
        }
        return null;
    }

    @GuardedBy("this") private void pin(Held held) {
        if (held.place != null) {
            held.place.pin();
        }
    }

    @GuardedBy("this") private void unpin(Held held) {
        if (held.place != null) {
            held.place.unpin();
        }
    }

    @GuardedBy("this") private void free(Held held) {
        if (held.place != null) {
            held.place.free();
            held.place = null;
            wakeForRoom();
        }
    }

    /** Makes {@link #next} return null to all threads from now on. */
    synchronized void fail() {
        failed = true;
        notifyAll();
    }

    /**
     * Removes the calling thread's buffer after waiting, uninterruptibly, until no thread uses it.
     *
     * @param unfinished the step that did not succeed; null if none failed
     */
    void leave(BufferSlots own, @Nullable Step unfinished) {
        boolean interrupted = false;
        synchronized (this) {
            if (unfinished instanceof Held held) {
                unpin(held);
            } else if (unfinished instanceof Stage stage) {
                unpin(stage.held());
            }
            notifyAll();
            buffers.remove(own);
            while (own.isPinned()) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        own.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
