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
 * What each thread of a {@link DigestPipeline} does next: take a chunk that has been read past a digest that nobody computes at the
 * moment, or else claim the next chunk and read it, as long as there is room in one of the threads' buffers. So a thread
 * waits only where there is nothing to do for it, and a slow digest goes on from chunk to chunk without a change of threads.
 */
final class ChunkSchedule {
    /** What a thread does without the lock. It tells of the end by its next call of {@link ChunkSchedule#next}. */
    sealed interface Step permits Held, Stage, Claim {}

    /** A chunk from its claim until all digests have seen it; the step is to read it. Fields that change: under the lock. */
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

        /** Memory for its bytes, as long as it is held; none for a hole. */
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

    /** A digest and how far it is; the step is to take a chunk past it. Fields that change: under the lock. */
    static final class Stage implements Step {
        final Digest digest;
        private @Nullable Held at;
        private boolean busy;

        private Stage(Digest digest) {
            this.digest = digest;
        }

        /** The chunk that is next. */
        Held held() {
            return Objects.requireNonNull(at);
        }

        private boolean isReady() {
            return !busy && at != null && at.isRead;
        }
    }

    /** To claim what comes next, where that has to wait for the slowest consumer of the window. */
    static final class Claim implements Step {
        /** How long a chunk of resident bytes should be. */
        final int residentBytes;

        /** What was claimed; null at the end of the file, or where claiming failed. */
        @Nullable Chunk chunk;

        private Claim(int residentBytes) {
            this.residentBytes = residentBytes;
        }
    }

    private final Window.Cursor cursor;
    private final List<Stage> stages;
    private final int residentBytes;
    private final BooleanSupplier isStopping;

    /** Buffers of the threads that are here. */
    @GuardedBy("this") private final List<BufferSlots> buffers = new ArrayList<>();

    /** The chunk that was claimed last. */
    @GuardedBy("this") private @Nullable Held newest;

    /** Whether a thread claims, or reads what is to be read in order. */
    @GuardedBy("this") private boolean claiming;

    /** Whether nothing more is to be claimed. */
    @GuardedBy("this") private boolean ended;

    @GuardedBy("this") private boolean failed;

    @GuardedBy("this") private int waiting;

    /**
     * @param residentBytes how long a chunk of resident bytes should be, if the threads' buffers are not shorter
     * @param isStopping whether to claim nothing more
     */
    ChunkSchedule(Window.Cursor cursor, List<Digest> digests, int residentBytes, BooleanSupplier isStopping) {
        this.cursor = cursor;
        this.stages = digests.stream().map(Stage::new).toList();
        this.residentBytes = residentBytes;
        this.isStopping = isStopping;
    }

    /** A thread comes, with its buffer, which all may use until it leaves. */
    synchronized BufferSlots enter(NativeBuffer buffer) {
        var slots = new BufferSlots(buffer, residentBytes);
        buffers.add(slots);
        return slots;
    }

    /**
     * Ends one step of a thread, and waits for another; null where it has nothing more to do here.
     *
     * @param done that has succeeded; null for the first
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
            notifyAll(); // another digest is for another thread
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

    /** The next chunk; null at the end, or where claiming has to wait. */
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
        // Nobody claims until it has its memory: else chunks after it could hold all of that, and wait for this one.
        claiming = !held.isHole();
        return held;
    }

    /** Gives a chunk its memory, if there is some: in the thread's own buffer, if possible. */
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

    /** Others may claim again. They are woken only for several chunks at once: waking costs about as much as reading one. */
    @GuardedBy("this") private void allowClaims() {
        claiming = false;
        wakeForRoom();
    }

    @GuardedBy("this") private void wakeForRoom() {
        if (waiting > 0 && buffers.stream().anyMatch(BufferSlots::isHalfFree)) {
            notifyAll();
        }
    }

    /** Returns a chunk that was claimed and has no memory yet. */
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

    /** Nobody begins another step. */
    synchronized void fail() {
        failed = true;
        notifyAll();
    }

    /**
     * A thread goes with its buffer, and waits until nobody uses that, also where it is interrupted.
     *
     * @param unfinished the step that did not succeed; null where none failed
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
