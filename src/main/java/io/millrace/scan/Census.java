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
    private final List<BytePath> paths;
    private volatile OptionalLong totalBytes = OptionalLong.empty();
    private volatile boolean cancelled;

    public Census(Posix posix, List<BytePath> paths) {
        this.posix = posix;
        this.paths = paths;
    }

    /** Walks the paths; on a thread that may take as long as that takes. What cannot be read counts as nothing. */
    public void count() {
        long bytes = 0;
        try (var walk = new FileWalk(posix, paths.iterator())) {
            Found found = walk.next();
            while (found != null) {
                bytes += sizeOf(found);
                found.release();
                found = cancelled ? null : walk.next();
            }
        }
        totalBytes = cancelled ? OptionalLong.empty() : OptionalLong.of(bytes);
    }

    private long sizeOf(Found found) {
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
