// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.job;

import io.millrace.posix.FileStatus;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.throttle.RateLimiter;
import io.millrace.scan.throttle.ReadGate;
import io.millrace.scan.walk.FileOrder;
import io.millrace.scan.walk.FileWalk;
import io.millrace.scan.walk.SharedDirectory;
import io.millrace.scan.walk.StandardInput;
import io.millrace.scan.walk.WalkEntry;
import io.millrace.scan.walk.WalkSpec;
import io.millrace.units.ByteSize;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Adds up the sizes of the files that a scan is about to read, to show how much is left. One thread calls
 * {@link #count}; any thread may call the other methods.
 */
public final class SizeCounter {
    private static final long NO_MORE = -1;

    private final Posix posix;
    private final WalkSpec where;
    private final long mostFiles;
    private final ReadGate gate;
    private final Optional<ByteRange> part;
    private volatile OptionalLong totalBytes = OptionalLong.empty();
    private volatile OptionalLong totalFiles = OptionalLong.empty();
    private volatile boolean cancelled;

    /** Creates a counter for a walk, which it consumes. */
    public SizeCounter(Posix posix, WalkSpec where) {
        this(posix, where, Optional.empty());
    }

    /** Like {@link #SizeCounter(Posix, WalkSpec)}, for a range of each file. */
    public SizeCounter(Posix posix, WalkSpec where, Optional<ByteRange> part) {
        this(posix, where, Long.MAX_VALUE, ReadGate.of(new RateLimiter(RateLimiter.UNLIMITED)), part);
    }

    /**
     * Creates a counter that gives up if there are more than {@code mostFiles} files, and passes the read gate of a
     * scan.
     *
     * @param where like the walk of the scan; the order does not matter
     */
    public SizeCounter(Posix posix, WalkSpec where, long mostFiles, ReadGate gate) {
        this(posix, where, mostFiles, gate, Optional.empty());
    }

    private SizeCounter(Posix posix, WalkSpec where, long mostFiles, ReadGate gate, Optional<ByteRange> part) {
        this.part = part;
        this.posix = posix;
        this.where = where.ordered(FileOrder.DIRECTORY);
        this.mostFiles = mostFiles;
        this.gate = gate;
    }

    /** Walks the paths on the calling thread, which may take long. Files that cannot be examined count as empty. */
    public void count() {
        long bytes = 0;
        long files = 0;
        try (var walk = new FileWalk(posix, where, () -> cancelled || gate.isHeld())) {
            long size = next(walk);
            while (size != NO_MORE) {
                bytes = ByteSize.sum(bytes, size);
                files++;
                cancelled |= files > mostFiles;
                size = cancelled ? NO_MORE : next(walk);
            }
        } catch (InterruptedException e) {
            cancelled = true;
            Thread.currentThread().interrupt();
        }
        totalFiles = cancelled ? OptionalLong.empty() : OptionalLong.of(files);
        totalBytes = cancelled ? OptionalLong.empty() : OptionalLong.of(bytes);
    }

    private long next(FileWalk walk) throws InterruptedException {
        while (!walk.isAtEnd() && !cancelled) {
            gate.take(0, () -> cancelled);
            try {
                WalkEntry found = walk.next();
                if (found != null) {
                    long size = sizeOf(found);
                    found.release();
                    return size;
                }
            } finally {
                gate.leave();
            }
        }
        return NO_MORE;
    }

    private long sizeOf(WalkEntry found) {
        if (found.error() != null) {
            return 0;
        }
        try {
            if (found.isStandardInput()) {
                OptionalLong left = StandardInput.sizeBytes(posix);
                cancelled |= left.isEmpty(); // the length of a stream is unknown
                return within(left.orElse(0));
            }
            SharedDirectory parent = found.parent();
            FileStatus status = parent == null
                    ? posix.files().status(found.path())
                    : posix.files().statusAt(parent.get().fd(), found.name(), found.path());
            return within(status.sizeBytes());
        } catch (PosixException e) {
            return 0; // the scan will report it
        }
    }

    private long within(long sizeBytes) {
        return part.isEmpty()
                ? sizeBytes
                : Math.min(sizeBytes, part.get().endBytes())
                        - Math.min(sizeBytes, part.get().offsetBytes());
    }

    /** Makes {@link #count} return soon. */
    public void cancel() {
        cancelled = true;
    }

    /** Returns the total size; empty until the count is complete. */
    public OptionalLong totalBytes() {
        return totalBytes;
    }

    /** Returns the number of files, including those that cannot be read; empty until the count is complete. */
    public OptionalLong totalFiles() {
        return totalFiles;
    }
}
