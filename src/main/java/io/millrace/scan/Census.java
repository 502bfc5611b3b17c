// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.posix.BytePath;
import io.millrace.posix.FileStatus;
import io.millrace.posix.Posix;
import io.millrace.posix.PosixException;
import java.util.List;
import java.util.OptionalLong;

/** Adds up the sizes of the files that a scan is about to read, for whoever wants to know how much is left. */
public final class Census {
    private final Posix posix;
    private final Walk where;
    private volatile OptionalLong totalBytes = OptionalLong.empty();
    private volatile boolean cancelled;

    public Census(Posix posix, List<BytePath> paths) {
        this(posix, Walk.of(paths.iterator()));
    }

    /** @param where as the scan will go; in any order */
    public Census(Posix posix, Walk where) {
        this.posix = posix;
        this.where = new Walk(where.paths(), where.within(), where.filter(), FileOrder.DIRECTORY);
    }

    /** Walks the paths; on a thread that may take as long as that takes. What cannot be read counts as nothing. */
    public void count() {
        long bytes = 0;
        try (var walk = new FileWalk(posix, where, () -> cancelled)) {
            Found found = walk.next();
            while (found != null) {
                bytes += sizeOf(found);
                found.release();
                found = walk.next();
            }
        }
        totalBytes = cancelled ? OptionalLong.empty() : OptionalLong.of(bytes);
    }

    private long sizeOf(Found found) {
        if (found.error() != null) {
            return 0;
        }
        try {
            SharedDirectory parent = found.parent();
            FileStatus status = parent == null
                    ? posix.files().status(found.path())
                    : posix.files().statusAt(parent.get().fd(), found.name(), found.path());
            return status.sizeBytes();
        } catch (PosixException e) {
            return 0; // the scan itself will say so
        }
    }

    /** Ends {@link #count} soon. */
    public void cancel() {
        cancelled = true;
    }

    /** Empty until all is counted. */
    public OptionalLong totalBytes() {
        return totalBytes;
    }
}
