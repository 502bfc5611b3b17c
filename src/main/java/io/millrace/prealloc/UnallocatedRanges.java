// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import io.millrace.posix.Extent;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.Iterator;
import java.util.OptionalLong;

/**
 * The runs of a range in which a file has no blocks, so that a rollback can release exactly those. Memory is that of
 * {@link RunList}, a few bytes a run.
 *
 * @param runs in order; {@link RunList#isFull} if there are more than can be recorded
 * @param isExact false without FIEMAP: blocks that are reserved and unwritten then count as holes too
 */
record UnallocatedRanges(ByteRange range, RunList runs, boolean isExact) {
    static UnallocatedRanges find(Posix posix, OwnedFd file, ByteRange range) throws PosixException {
        var gaps = new Gaps(range);
        if (new ExtentReader(posix).extents(file, range, gaps::pass)) {
            return new UnallocatedRanges(range, gaps.end(), true);
        }
        return new UnallocatedRanges(range, seek(posix, file, range), false);
    }

    /** Computes the gaps between the extents of a range, which arrive in order. */
    private static final class Gaps {
        private final ByteRange range;
        private final RunList runs = new RunList();
        private long at;

        Gaps(ByteRange range) {
            this.range = range;
            this.at = range.offsetBytes();
        }

        void pass(Extent extent) {
            runs.add(at, Math.min(extent.range().offsetBytes(), range.endBytes()));
            at = Math.max(at, extent.range().endBytes());
        }

        RunList end() {
            runs.add(at, range.endBytes());
            return runs;
        }
    }

    private static RunList seek(Posix posix, OwnedFd file, ByteRange range) throws PosixException {
        var runs = new RunList();
        try {
            seek(posix, file, range, runs);
            return runs;
        } catch (PosixException e) {
            if (!e.is(Errno.EINVAL)) {
                throw e;
            }
        }
        var all = new RunList();
        all.add(range.offsetBytes(), range.endBytes()); // no SEEK_HOLE either: the whole range is taken as unallocated
        return all;
    }

    private static void seek(Posix posix, OwnedFd file, ByteRange range, RunList runs) throws PosixException {
        long at = range.offsetBytes();
        while (at < range.endBytes()) {
            OptionalLong data = posix.files().seekData(file, at);
            long hole = Math.min(data.orElse(range.endBytes()), range.endBytes());
            runs.add(at, hole);
            at = hole == range.endBytes()
                    ? hole
                    : posix.files().seekHole(file, hole).orElse(range.endBytes());
        }
    }

    long bytes() {
        return runs.totalBytes();
    }

    /** Returns the parts of these holes that have blocks now and were not written to. */
    RunList filledSince(Posix posix, OwnedFd file) throws PosixException {
        if (isExact) {
            var filled = new Filled(runs);
            posix.space().extents(file, range, filled::pass);
            return filled.found;
        }
        var filled = new RunList(); // without FIEMAP unwritten blocks look like holes
        for (ByteRange hole : runs) {
            for (ByteRange run : seek(posix, file, hole)) {
                filled.add(run.offsetBytes(), run.endBytes());
            }
        }
        return filled;
    }

    /** Collects the unwritten extents, which arrive in order, that lie in former holes. */
    private static final class Filled {
        private final RunList found = new RunList();
        private final Iterator<ByteRange> holes;
        private ByteRange hole = new ByteRange(0, 0);

        Filled(RunList runs) {
            this.holes = runs.iterator();
        }

        void pass(Extent extent) {
            long start = extent.range().offsetBytes();
            long end = extent.range().endBytes();
            while (hole.endBytes() <= start && holes.hasNext()) {
                hole = holes.next();
            }
            while (hole.offsetBytes() < end && hole.endBytes() > start) {
                if (extent.isUnwritten()) {
                    found.add(Math.max(hole.offsetBytes(), start), Math.min(hole.endBytes(), end));
                }
                if (hole.endBytes() > end || !holes.hasNext()) {
                    return; // the next extent may lie in it too
                }
                hole = holes.next();
            }
        }
    }
}
