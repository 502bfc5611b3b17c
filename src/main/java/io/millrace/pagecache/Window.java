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
 * The part of a file that is being read: from behind its slowest consumer to in front of its fastest. The page cache is
 * the ring buffer between them, so that one read of the device serves all, and what was not resident before goes again
 * once all have passed.
 *
 * <p>Consumers {@link #join} before the first of them moves, and then call {@link Cursor} from threads of their own.
 * Nobody gets further ahead of the slowest than the window is long. The size of the file is what it was at the open;
 * what is appended later is not read. {@link #close()} comes after the last consumer has stopped; the descriptor stays
 * the caller's.
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

    @GuardedBy("this") private long passedTo;

    @GuardedBy("this") private LongConsumer mover = bytes -> {};

    @GuardedBy("this") private ReadListener reader = (kind, bytes) -> {};

    private final ReadPlan plan;
    private volatile ReadStrategy strategy;

    /** Hears of each byte that is read, once, however many consumers take it; not of holes. */
    @FunctionalInterface
    public interface ReadListener {
        /** Called under the window's lock. */
        void onRead(Chunk.Kind kind, long bytes);
    }

    /**
     * Opens a window over a regular file that is open for reading.
     *
     * @param range what will be read of it, the file's size at most
     * @param chunkBytes what a read of stored bytes asks for: 4 MiB or more for DONTCACHE
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
        this.behind = new DropBehind(posix, file, range, survey, residency, gauge, tally);
        var holes = new SparseMap(posix, file, status);
        this.chunks = new ChunkPlanner(holes, survey, front, range, chunkBytes, traits.readaheadBytes());
        if (range.lengthBytes() > chunkBytes && strategy != ReadStrategy.DONTCACHE) {
            var unused = PageAdvice.give(posix, file, range, Advice.SEQUENTIAL);
        }
    }

    /**
     * Whom to tell when consumers have moved, and of how many bytes all of them have now passed, so that a consumer who
     * does not wait in {@link Cursor#next} knows when to ask again. Called under the window's lock.
     */
    public synchronized void onMove(LongConsumer listener) {
        mover = listener;
    }

    /** Whom to tell of what is read. */
    public synchronized void onRead(ReadListener listener) {
        reader = listener;
    }

    /** A new consumer, at the start of the range. */
    public synchronized Cursor join() {
        var cursor = new Cursor();
        cursors.add(cursor);
        return cursor;
    }

    /**
     * Reads a chunk by the window's strategy into the start of a buffer.
     *
     * @return bytes read; fewer than the chunk has only where the file has shrunk
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
            strategy = plan.withoutDontCache(); // the mount's answer was not this file's
            return read(chunk, buffer);
        }
        long start = chunk.range().offsetBytes();
        count(used, chunk, start, start + count);
        return count;
    }

    /**
     * Notes a part of a chunk that a consumer took by other means than {@link #read}: splice.
     *
     * @return whether its pages are to be let go, so that they should not stay in a pipe for long
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

    /** What is resident anyway costs least by a plain read, and stays resident by it. */
    private static boolean leavesPagesAsTheyAre(Chunk chunk) {
        return chunk.kind() == Chunk.Kind.RESIDENT;
    }

    /** Whether the pages of what is read now stay until all consumers have passed, so that splice(2) may take them. */
    public boolean holdsPages() {
        return strategy != ReadStrategy.DONTCACHE;
    }

    /** Where the file ends by now, if that is before the end of the range. Reads of what is resident do not tell. */
    public OptionalLong cutAt() throws PosixException {
        long sizeBytes = posix.files().status(file).sizeBytes();
        return sizeBytes < range.endBytes() ? OptionalLong.of(sizeBytes) : OptionalLong.empty();
    }

    /** How far anybody has read, in bytes from the start of the range. */
    public synchronized long frontBytes() {
        return readTo - range.offsetBytes();
    }

    /** A consumer's place in the file. Claims go up, and several threads may hold claims of one cursor at a time. */
    public final class Cursor {
        private long claimedTo = range.offsetBytes();
        private long doneTo = range.offsetBytes();
        private boolean left;

        private Cursor() {}

        /**
         * Claims what comes next, waiting while the slowest consumer is a whole window behind.
         *
         * @param residentBytes how long a resident chunk should be; a stored one is as long as the window's reads, and a
         *     hole may be longer than both
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

        /** As {@link #next} without waiting: null also while the slowest consumer is a whole window behind. */
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

        /** Whether another consumer has claimed what comes next. */
        public boolean isBehind() {
            synchronized (Window.this) {
                return front.isBeyond(claimedTo);
            }
        }

        /** How long ago the fastest consumer went on from where this one is now; 0 for the fastest. */
        public long lagNanos() {
            synchronized (Window.this) {
                return front.lagNanos(claimedTo);
            }
        }

        /** The consumer needs nothing below this offset any more. */
        public void done(long offsetBytes) throws PosixException {
            done(offsetBytes, 0);
        }

        /**
         * The same, but for the last bytes before it, whose pages may still sit in a pipe: half a window at most, or the
         * consumer would wait for itself.
         */
        public void done(long offsetBytes, long inPipeBytes) throws PosixException {
            synchronized (Window.this) {
                doneTo = Math.max(doneTo, offsetBytes - Math.min(inPipeBytes, ChunkPlanner.WINDOW_BYTES / 2));
                moved();
            }
        }

        /** The consumer goes; it holds nobody up any longer. */
        public void leave() throws PosixException {
            synchronized (Window.this) {
                left = true;
                moved();
            }
        }
    }

    /** Whether a claim would reach out of the window; the slowest may always go on. */
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

    /** What the reading did; complete after {@link #close()}. */
    public synchronized CacheEffect effect() {
        return tally.toEffect();
    }

    /** Ends all consumers and leaves the page cache as the plan wants it. */
    @Override
    public synchronized void close() throws PosixException {
        cursors.clear();
        notifyAll();
        behind.finish(strategy, readTo);
    }
}
