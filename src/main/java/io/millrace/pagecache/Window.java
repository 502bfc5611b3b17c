// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.millrace.posix.FileStatus;
import io.millrace.posix.PageCalls.Advice;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The part of a file that is being read: from the slowest to the fastest consumer. The page cache is the ring buffer
 * between them, so that one read of the device serves all, and pages that were not resident before are dropped once
 * all have passed.
 *
 * <p>Consumers {@link #join} before the first of them moves, and then use their {@link Cursor} from threads of their
 * own. No consumer gets further ahead of the slowest than the window's length. The size of the file is that at the
 * open; data appended later is not read. {@link #close()} must be called after the last consumer has stopped; the
 * descriptor stays the caller's.
 */
public final class Window implements AutoCloseable {
    private final Posix posix;
    private final OwnedFd file;
    private final int chunkBytes;
    private final ByteRange range;

    @GuardedBy("this") private final ChunkPlanner chunks;

    @GuardedBy("this") private final DropBehind behind;

    @GuardedBy("this") private final List<Cursor> cursors = new ArrayList<>();

    @GuardedBy("this") private final CacheEffectCounter tally = new CacheEffectCounter();

    @GuardedBy("this") private long readTo;

    @GuardedBy("this") private final LeadTracker front;

    @GuardedBy("this") private final ResidencySnapshot survey;

    @GuardedBy("this") private long passedTo;

    @GuardedBy("this") private LongConsumer mover = bytes -> {};

    @GuardedBy("this") private ReadListener reader = (kind, bytes) -> {};

    private final ReadPlan plan;
    private volatile ReadStrategy strategy;

    /** Receives the number of bytes read, each byte once, however many consumers use it; holes are not reported. */
    @FunctionalInterface
    public interface ReadListener {
        /** Called under the window's lock. */
        void onRead(Chunk.Kind kind, long bytes);
    }

    /**
     * Opens a window over a regular file that is open for reading.
     *
     * @param range the part to read, at most the file's size
     * @param chunkBytes length of a read of stored bytes: 4 MiB or more for DONTCACHE
     */
    public Window(
            Posix posix,
            MountTraits traits,
            ReadPlan plan,
            OwnedFd file,
            FileStatus status,
            ByteRange range,
            int chunkBytes,
            PeakGauge gauge)
            throws PosixException {
        this.posix = posix;
        this.file = file;
        this.chunkBytes = chunkBytes;
        this.range = range;
        this.readTo = range.offsetBytes();
        this.front = new LeadTracker(range.offsetBytes());
        this.passedTo = range.offsetBytes();
        this.plan = plan;
        this.strategy = plan.strategy();
        var asked = new Residency(posix, traits);
        @Nullable Residency residency = plan.residencyKnown() ? asked : null;
        var survey = new ResidencySnapshot(
                residency,
                file,
                status.sizeBytes(),
                asked.lookBytes(),
                posix.pages().pageBytes());
        this.survey = survey;
        this.behind = new DropBehind(posix, file, range, survey, residency, gauge, tally);
        var holes = new SparseMap(posix, file, status);
        this.chunks = new ChunkPlanner(holes, survey, front, range, chunkBytes, traits.readaheadBytes());
        if (range.lengthBytes() > chunkBytes && strategy != ReadStrategy.DONTCACHE) {
            var unused = PageAdvice.give(posix, file, range, Advice.SEQUENTIAL);
        }
    }

    /**
     * Sets the listener that is called when consumers have moved, with the number of bytes that all of them have
     * passed, so that a consumer that does not block in {@link Cursor#next} knows when to retry. Called under the
     * window's lock.
     */
    public synchronized void onMove(LongConsumer listener) {
        mover = listener;
    }

    /** Sets the listener for reads. */
    public synchronized void onRead(ReadListener listener) {
        reader = listener;
    }

    /** Adds a consumer at the start of the range. */
    public synchronized Cursor join() {
        var cursor = new Cursor();
        cursors.add(cursor);
        return cursor;
    }

    /**
     * Reads a chunk by the window's strategy into the start of a buffer.
     *
     * @return bytes read; fewer than the chunk's length only if the file has shrunk
     */
    public int read(Chunk chunk, NativeBuffer buffer) throws PosixException {
        ReadStrategy used = leavesPagesAsTheyAre(chunk) ? ReadStrategy.PLAIN : strategy;
        int count;
        try {
            count = used.read(posix, file, buffer, chunk.range());
        } catch (PosixException e) {
            if (!used.isRefused(e)) {
                throw e;
            }
            strategy = plan.withoutDontCache(); // the mount supports it, but this file does not
            return read(chunk, buffer);
        }
        long start = chunk.range().offsetBytes();
        count(used, chunk, start, start + count);
        return count;
    }

    /**
     * Records a part of a chunk that a consumer read by other means than {@link #read}: splice.
     *
     * @return whether its pages are to be dropped, so that they should not stay in a pipe for long
     */
    public boolean taken(Chunk chunk, long startBytes, long endBytes) {
        ReadStrategy used = leavesPagesAsTheyAre(chunk) ? ReadStrategy.PLAIN : strategy;
        count(used, chunk, startBytes, endBytes);
        return used == ReadStrategy.DROP_BEHIND;
    }

    private synchronized void count(ReadStrategy used, Chunk chunk, long startBytes, long endBytes) {
        long lead = chunk.leadWithin(startBytes, endBytes);
        tally.read(used, lead, plan.knowledge());
        if (lead > 0) {
            reader.onRead(chunk.kind(), lead);
        }
        readTo = Math.max(readTo, endBytes);
    }

    /** Resident pages cost least by a plain read, which also keeps them resident. */
    private static boolean leavesPagesAsTheyAre(Chunk chunk) {
        return chunk.kind() == Chunk.Kind.RESIDENT;
    }

    /** Whether pages read now stay until all consumers have passed, so that splice(2) may use them. */
    public boolean holdsPages() {
        return strategy != ReadStrategy.DONTCACHE;
    }

    /**
     * Returns where the file ends now, if that is before the end of the range. Reads of resident chunks do not reveal
     * that.
     */
    public OptionalLong cutAt() throws PosixException {
        long sizeBytes = posix.files().status(file).sizeBytes();
        return sizeBytes < range.endBytes() ? OptionalLong.of(sizeBytes) : OptionalLong.empty();
    }

    /**
     * Whether it is known that nothing of a range was in the page cache before the window read it. To be asked by a consumer
     * before it has passed the range.
     */
    public synchronized boolean wasCold(ByteRange part) {
        return survey.isCold(part);
    }

    /** How far the fastest consumer has read, in bytes from the start of the range. */
    public synchronized long frontBytes() {
        return readTo - range.offsetBytes();
    }

    /**
     * A consumer's position in the file. Claims ascend, and several threads may hold claims of one cursor at a time.
     */
    public final class Cursor {
        private long claimedTo = range.offsetBytes();
        private long doneTo = range.offsetBytes();
        private boolean left;

        private Cursor() {}

        /**
         * Claims the next chunk, and blocks while the slowest consumer is a whole window behind.
         *
         * @param residentBytes length of a resident chunk; a stored one is as long as the window's reads, and a hole
         *     may be longer than both
         * @return null at the end of the range
         * @throws InterruptedException if the thread was interrupted while it waited
         */
        public @Nullable Chunk next(int residentBytes) throws PosixException, InterruptedException {
            synchronized (Window.this) {
                while (isBeyond(claimedTo, Math.max(chunkBytes, residentBytes))) {
                    Window.this.wait();
                }
                return claim(residentBytes);
            }
        }

        /** Like {@link #next} without blocking: null also while the slowest consumer is a whole window behind. */
        public @Nullable Chunk tryNext(int residentBytes) throws PosixException {
            synchronized (Window.this) {
                return isBeyond(claimedTo, Math.max(chunkBytes, residentBytes)) ? null : claim(residentBytes);
            }
        }

        @GuardedBy("Window.this") private @Nullable Chunk claim(int residentBytes) throws PosixException {
            if (claimedTo >= range.endBytes()) {
                front.reachEnd(range.endBytes());
                return null;
            }
            long keptTo = holdsPages() ? readTo : range.offsetBytes();
            Chunk chunk = chunks.at(claimedTo, residentBytes, keptTo, cursors.size() > 1);
            if (chunk.kind() == Chunk.Kind.HOLE) {
                passHole(chunk.range());
            }
            claimedTo = chunk.range().endBytes();
            return chunk;
        }

        /** Whether everything is claimed. */
        public boolean isAtEnd() {
            synchronized (Window.this) {
                return claimedTo >= range.endBytes();
            }
        }

        /** Whether another consumer has claimed the next chunk. */
        public boolean isBehind() {
            synchronized (Window.this) {
                return front.isBeyond(claimedTo);
            }
        }

        /** Time since the fastest consumer left the current position of this one; 0 for the fastest. */
        public long lagNanos() {
            synchronized (Window.this) {
                return front.lagNanos(claimedTo);
            }
        }

        /** Called when the consumer needs nothing below this offset any more. */
        public void done(long offsetBytes) throws PosixException {
            done(offsetBytes, 0);
        }

        /**
         * Like {@link #done(long)}, except for the last bytes before the offset, whose pages may still be in a pipe:
         * at most half a window, or the consumer would wait for itself.
         */
        public void done(long offsetBytes, long inPipeBytes) throws PosixException {
            synchronized (Window.this) {
                doneTo = Math.max(doneTo, offsetBytes - Math.min(inPipeBytes, ChunkPlanner.WINDOW_BYTES / 2));
                moved();
            }
        }

        /** Removes the consumer, so that it no longer delays the others. */
        public void leave() throws PosixException {
            synchronized (Window.this) {
                left = true;
                moved();
            }
        }
    }

    /** Whether a claim would exceed the window; the slowest consumer may always continue. */
    @GuardedBy("this") private boolean isBeyond(long offset, long lengthBytes) {
        long slowest = slowest();
        return offset > slowest
                && offset - slowest > ChunkPlanner.WINDOW_BYTES - Math.min(lengthBytes, ChunkPlanner.WINDOW_BYTES / 2);
    }

    @GuardedBy("this") private void passHole(ByteRange hole) {
        tally.holeBytes += Math.max(0, hole.endBytes() - Math.max(hole.offsetBytes(), readTo));
        readTo = Math.max(readTo, hole.endBytes());
    }

    @GuardedBy("this") private long slowest() {
        long slowest = range.endBytes();
        for (Cursor cursor : cursors) {
            slowest = cursor.left ? slowest : Math.min(slowest, cursor.doneTo);
        }
        return slowest;
    }

    @GuardedBy("this") private void moved() throws PosixException {
        notifyAll();
        long slowest = Math.min(slowest(), readTo);
        long moved = Math.max(0, slowest - passedTo);
        passedTo += moved;
        front.forget(slowest);
        mover.accept(moved);
        behind.passed(slowest, strategy);
    }

    /** The effect of the reads; complete after {@link #close()}. */
    public synchronized CacheEffect effect() {
        return tally.toEffect();
    }

    /** Ends all consumers and restores the page cache as the plan requires. */
    @Override
    public synchronized void close() throws PosixException {
        cursors.clear();
        notifyAll();
        behind.finish(strategy, readTo);
    }
}
